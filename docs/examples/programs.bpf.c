#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
    __type(key, struct bpf_cgroup_storage_key);
    __type(value, __u64);
} storage SEC(".maps");

// A subprogram, and a callback of bpf_loop, work on the storage of the attachment that runs.
static long add_one(__u32 index, void *context)
{
    __u64 *value = bpf_get_local_storage(&storage, 0);

    __sync_fetch_and_add(value, 1);
    return 0;
}

SEC("cgroup/sysctl")
int ten_times(struct bpf_sysctl *ctx)
{
    bpf_loop(10, add_one, NULL, 0);
    return 1;
}
