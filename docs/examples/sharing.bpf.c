#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define LIMIT 100

// An 8-byte key: both programs, of two attach types, work on one storage of the cgroup.
struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
    __type(key, __u64);
    __type(value, __s64);
} sockets SEC(".maps");

SEC("cgroup/sock_create")
int create(struct bpf_sock *ctx)
{
    __s64 *open = bpf_get_local_storage(&sockets, 0);

    // Atomic, because other CPUs do the same: the value returned decides, not a second look.
    if (__sync_fetch_and_add(open, 1) < LIMIT)
        return 1;
    __sync_fetch_and_add(open, -1); // a socket that is denied is not released
    return 0;
}

SEC("cgroup/sock_release")
int release(struct bpf_sock *ctx)
{
    __s64 *open = bpf_get_local_storage(&sockets, 0);

    __sync_fetch_and_add(open, -1);
    return 1;
}
