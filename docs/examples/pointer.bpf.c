#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
    __type(key, struct bpf_cgroup_storage_key);
    __type(value, __u64);
} storage SEC(".maps");

SEC("cgroup_skb/egress")
int count(struct __sk_buff *skb)
{
    __u64 *runs = bpf_get_local_storage(&storage, 0);

    // No comparison with NULL: the helper never returns it, and the verifier knows.
    __sync_fetch_and_add(runs, 1);

    // The same address again, unless user space has updated the value in between:
    // then this one is current, and what is stored through the first one is lost.
    runs = bpf_get_local_storage(&storage, 0);
    return *runs > 0;
}
