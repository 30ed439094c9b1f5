#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

// Sets the value of a cgroup. An update can change an entry and never make one: that is what attaching does.
int set(int storage, __u64 cgroup_id, __u32 attach_type, __u64 value)
{
    struct bpf_cgroup_storage_key key;

    memset(&key, 0, sizeof(key)); // the padding is ignored, but a checker may complain
    key.cgroup_inode_id = cgroup_id;
    key.attach_type = attach_type;

    // 0 and BPF_EXIST mean the same here; BPF_NOEXIST fails with EINVAL, even where there is no entry.
    if (bpf_map_update_elem(storage, &key, &value, BPF_EXIST) == 0)
        return 0;
    return errno == ENOENT ? 1 /* nothing was attached there yet */ : -1;
}
