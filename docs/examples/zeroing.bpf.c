#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct first {
    __u64 seen_at; // 0: nothing yet
    __u64 events;
};

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
    __type(key, struct bpf_cgroup_storage_key);
    __type(value, struct first);
} storage SEC(".maps");

SEC("cgroup/sock_create")
int create(struct bpf_sock *ctx)
{
    struct first *first = bpf_get_local_storage(&storage, 0);

    // A new storage is zero in every byte: no initialisation, no first lookup that may fail.
    if (!first->seen_at)
        first->seen_at = bpf_ktime_get_ns();
    __sync_fetch_and_add(&first->events, 1);
    return 1;
}
