#include <bpf/bpf.h>
#include <linux/bpf.h>

// Counts what happens in a whole subtree in one storage, that of its root. The program is
// attached once and runs for every descendant, those made later too.
long long total_of_subtree(int program, int storage, int root, __u64 root_id)
{
    if (bpf_prog_attach(program, root, BPF_CGROUP_INET_EGRESS, BPF_F_ALLOW_MULTI))
        return -1;

    // ... events in the descendants ...

    struct bpf_cgroup_storage_key key = {
        .cgroup_inode_id = root_id, // of the cgroup of the attachment: descendants have no entry
        .attach_type = BPF_CGROUP_INET_EGRESS,
    };
    __u64 total;
    return bpf_map_lookup_elem(storage, &key, &total) ? -1 : (long long)total;
}
