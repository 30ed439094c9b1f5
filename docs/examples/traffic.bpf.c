// Counts what the sockets of a cgroup send, one storage for each cgroup it is attached to.
// clang -O2 -g -target bpf -c traffic.bpf.c -o traffic.bpf.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct traffic {
    __u64 packets;
    __u64 bytes;
};

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
    __type(key, struct bpf_cgroup_storage_key);
    __type(value, struct traffic);
} storage SEC(".maps");

SEC("cgroup_skb/egress")
int count(struct __sk_buff *skb)
{
    // Never null, so nothing to check; the second argument must be 0.
    struct traffic *sent = bpf_get_local_storage(&storage, 0);

    // Other CPUs work on the same storage at the same time.
    __sync_fetch_and_add(&sent->packets, 1);
    __sync_fetch_and_add(&sent->bytes, skb->len);
    return 1; // let the packet pass
}

char _license[] SEC("license") = "GPL";
