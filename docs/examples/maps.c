#include <bpf/bpf.h>
#include <linux/bpf.h>

// The same as a definition in SEC(".maps"), by hand.
int create_map(void)
{
    return bpf_map_create(BPF_MAP_TYPE_CGROUP_STORAGE, "storage",
                          sizeof(struct bpf_cgroup_storage_key), // 16, or 8 for a __u64; not 12
                          sizeof(__u64),                         // 1 to 65407
                          0,                                     // max_entries: must be 0
                          NULL);
}
