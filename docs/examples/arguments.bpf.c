#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
    __type(key, struct bpf_cgroup_storage_key);
    __type(value, __u64);
} packets SEC(".maps"), bytes SEC(".maps");

SEC("cgroup_skb/egress")
int refused(struct __sk_buff *skb)
{
    // Two maps of one kind: "only one cgroup storage of each type is allowed", EBUSY.
    // One map whose value is a structure of both counters is the way to do it.
    __u64 *counted = bpf_get_local_storage(&packets, 0);
    __u64 *summed = bpf_get_local_storage(&bytes, 0);

    *counted += 1;
    *summed += skb->len;
    return 1;
}
