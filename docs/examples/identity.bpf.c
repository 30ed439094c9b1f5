#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// 16 bytes of key: one storage for each cgroup and attach type.
struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
    __type(key, struct bpf_cgroup_storage_key);
    __type(value, __u64);
} by_attach_type SEC(".maps");

// 8 bytes of key: one storage for each cgroup, whatever is attached there. A second
// map of one kind would be refused, so this one is per CPU.
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE);
    __type(key, __u64);
    __type(value, __u64);
} by_cgroup SEC(".maps");

SEC("cgroup_skb/ingress")
int received(struct __sk_buff *skb)
{
    __u64 *here = bpf_get_local_storage(&by_attach_type, 0);
    __u64 *anywhere = bpf_get_local_storage(&by_cgroup, 0);

    __sync_fetch_and_add(here, 1);
    *anywhere += 1;
    return 1;
}
