// Attaches traffic.bpf.o to a cgroup, runs until Enter is pressed, and prints what was sent.
// cc traffic.c -lbpf -o traffic && sudo ./traffic /sys/fs/cgroup/some/where
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct traffic {
    __u64 packets;
    __u64 bytes;
};

static int fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    return 1;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s CGROUP-DIRECTORY\n", argv[0]);
        return 2;
    }

    int cgroup = open(argv[1], O_RDONLY | O_DIRECTORY);
    if (cgroup < 0)
        return fail(argv[1]);

    struct bpf_object *object = bpf_object__open_file("traffic.bpf.o", NULL);
    if (!object || bpf_object__load(object))
        return fail("traffic.bpf.o");

    struct bpf_program *program = bpf_object__find_program_by_name(object, "count");
    int storage = bpf_object__find_map_fd_by_name(object, "storage");

    // This is what creates the storage: all zero, or the one that an earlier attach with this map has left.
    struct bpf_link *link = bpf_program__attach_cgroup(program, cgroup);
    if (!link)
        return fail("attach");

    puts("counting; press Enter to stop");
    getchar();

    // One entry for each cgroup and attach type, the newest first. There is no need to know a cgroup's id:
    // it is the inode number of its directory.
    struct bpf_cgroup_storage_key key, *previous = NULL;
    while (bpf_map_get_next_key(storage, previous, &key) == 0) {
        struct traffic sent;

        if (bpf_map_lookup_elem(storage, &key, &sent))
            return fail("lookup");
        printf("cgroup %llu, attach type %u: %llu packets, %llu bytes\n", (unsigned long long)key.cgroup_inode_id,
               key.attach_type, (unsigned long long)sent.packets, (unsigned long long)sent.bytes);
        previous = &key;
    }

    bpf_link__destroy(link);
    bpf_object__close(object);
    close(cgroup);
    return 0;
}
