#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define BUCKETS 16 // a power of two

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
    __type(key, struct bpf_cgroup_storage_key);
    __type(value, __u32[BUCKETS]);
} histogram SEC(".maps");

SEC("cgroup_skb/egress")
int by_length(struct __sk_buff *skb)
{
    __u32 *buckets = bpf_get_local_storage(&histogram, 0);

    // The mask is what proves that the index lies inside the value.
    __sync_fetch_and_add(&buckets[(skb->len / 128) & (BUCKETS - 1)], 1);
    return 1;
}
