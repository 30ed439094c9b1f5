#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
    __type(key, struct bpf_cgroup_storage_key);
    __type(value, __u64);
} storage SEC(".maps");

SEC("cgroup_skb/egress")
int refused(struct __sk_buff *skb)
{
    // The verifier must know at load that the flags are zero; that mark happens to be zero is not enough:
    // "get_local_storage() doesn't support non-zero flags", EINVAL.
    __u64 *value = bpf_get_local_storage(&storage, skb->mark);

    return *value == 0;
}
