# Answers of every shape, from nothing: what the kit makes of them is what is tested.
import conformance_kit as kit


class Stub:
    name, version, cpus, kernel = "stub", "1", 2, "6.18.44"

    def reset(self):
        self.programs, self.closed = [], []

    def cgroup_create(self, parent=None):
        self.cgroup = object()
        return self.cgroup

    def cgroup_remove(self, cgroup):
        pass

    def map_create(self, type, key_size, value_size, **rest):
        return [type, rest.get("inner_map"), rest.get("map_extra", 0)]

    def map_close(self, map):
        self.closed.append(map)

    def map_reopen(self, of):
        return list(of)

    def map_lookup_elem(self, map, key):
        return bytes([key.padding, key.cgroup is self.cgroup, len(self.closed), map[2] >> 56])

    def map_get_next_key(self, map, key=None):
        return b"\xff\x00" if key == b"\x01" else kit.StorageKey(self.cgroup, 6 if key is None else 77, 5)

    def prog_load(self, type, expected_attach_type, instructions, maps=()):
        if not instructions:
            raise kit.Refused("EACCES", 'a "log"\nof two lines')
        self.programs.append(object())
        return kit.Loaded(self.programs[-1], f"{len(maps)} maps at {maps[0][0]}")

    def prog_close(self, program):
        pass

    def prog_query(self, cgroup, attach_type, effective=False):
        return kit.Query(self.programs, 2)

    def prog_test_run(self, program, data):
        return -1

    def prog_attach(self, program, cgroup, attach_type, flags=0, relative=None):
        raise kit.Failed(4095 if relative == "a link" else "EBUSY")

    def link_create(self, program, cgroup, attach_type):
        return "a link"

    def fire(self, attach_type, cgroup, times=1):
        if times == 2:
            raise kit.Exhausted("too long")
        return kit.Denied(999) if times == 3 else "dropped"

    def map_freeze(self, map):
        raise ValueError("a bug")


kit.serve(Stub())
