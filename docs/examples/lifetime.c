#include <bpf/bpf.h>
#include <linux/bpf.h>

// Replaces a program by a newer version without losing what the old one has counted: both refer to
// the same map, and the storage belongs to the cgroup and the map (since 5.9).
int upgrade(int old_program, int new_program, int cgroup)
{
    if (bpf_prog_detach2(old_program, cgroup, BPF_CGROUP_INET_EGRESS))
        return -1;
    // Between the two calls nothing counts, and the value can still be looked up.
    return bpf_prog_attach(new_program, cgroup, BPF_CGROUP_INET_EGRESS, BPF_F_ALLOW_MULTI);
}
