#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define LIMIT 3

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
    __type(key, struct bpf_cgroup_storage_key);
    __type(value, __u64);
} storage SEC(".maps");

SEC("cgroup/connect4")
int a_few_connects(struct bpf_sock_addr *ctx)
{
    __u64 *connects = bpf_get_local_storage(&storage, 0);

    // 0 denies: connect() fails with EPERM. What is stored here stays all the same.
    return __sync_fetch_and_add(connects, 1) < LIMIT;
}
