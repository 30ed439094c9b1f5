#include <bpf/bpf.h>
#include <linux/bpf.h>

// A link attaches as BPF_F_ALLOW_MULTI does, and detaches when its last descriptor is closed.
int attach_by_link(int program, int cgroup)
{
    return bpf_link_create(program, cgroup, BPF_CGROUP_INET_EGRESS, NULL);
}

// Swaps one program of several in its place. With the same map the storage stays as it is.
int replace(int old_program, int new_program, int cgroup)
{
    LIBBPF_OPTS(bpf_prog_attach_opts, options, .flags = BPF_F_ALLOW_MULTI | BPF_F_REPLACE,
                .replace_prog_fd = old_program);

    return bpf_prog_attach_opts(new_program, cgroup, BPF_CGROUP_INET_EGRESS, &options);
}
