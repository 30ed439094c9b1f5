#include <bpf/bpf.h>
#include <linux/bpf.h>

// Attaches a program anew on a kernel before 5.9, where the storage ends with the attachment: what it
// held is read before and written back after. Events in between are not counted.
int reattach(int program, int map, int cgroup, struct bpf_cgroup_storage_key *key, __u64 *value)
{
    if (bpf_map_lookup_elem(map, key, value))
        return -1;
    if (bpf_prog_detach2(program, cgroup, BPF_CGROUP_INET_EGRESS))
        return -1;
    // The lookup would fail here, and the map belongs to this program: no other can be loaded with it.
    if (bpf_prog_attach(program, cgroup, BPF_CGROUP_INET_EGRESS, BPF_F_ALLOW_MULTI))
        return -1;
    return bpf_map_update_elem(map, key, value, BPF_EXIST);
}
