#!/usr/bin/env python3
"""A deliberately tiny eBPF machine, and its adapter. The first part stands for your machine; the second is what you write."""

import struct
import sys

import conformance_kit as kit

# ---- the machine ----------------------------------------------------------------------------------------------------------------------

U64 = (1 << 64) - 1
ARRAY, STORAGE = "array", "cgroup_storage"
ALLOW_MULTI = 2
LOOKUP, GET_LOCAL_STORAGE = 1, 81
BUDGET = 1_000_000
TRACE = "--trace" in sys.argv


class Error(Exception):
    """A call fails with an errno."""


class Trap(Exception):
    """A run does what it must not."""


class Missing(Exception):
    """This machine is too tiny for that."""


class Memory:
    """Objects of memory, 4 GiB apart, so that an address says which one it is in."""

    def __init__(self):
        self.objects = []

    def add(self, size):
        self.objects.append(bytearray(size))
        return len(self.objects) << 32

    def at(self, address, size):
        if not isinstance(address, int):
            raise Missing("no context and no maps to look into") if address is CONTEXT else Trap("that is no address")
        number, offset = (address >> 32) - 1, address & 0xFFFFFFFF
        if not 0 <= number < len(self.objects) or offset + size > len(self.objects[number]):
            raise Trap(f"access of {size} bytes at {address:#x}")
        return memoryview(self.objects[number])[offset : offset + size]


class Map:
    def __init__(self, memory, kind, key_size, value_size, max_entries):
        if kind == ARRAY:
            if key_size != 4 or not value_size or not max_entries:
                raise Error("EINVAL")
        elif kind == STORAGE:
            if key_size not in (8, 16) or not value_size or max_entries:
                raise Error("EINVAL")
        else:
            raise Missing(f"no maps of type {kind}")
        self.memory, self.kind, self.key_size, self.value_size = memory, kind, key_size, value_size
        # Of arrays by index, of storages by cgroup and, with keys of 16 bytes, attach type: the address of the value.
        self.values = {index: memory.add(value_size) for index in range(max_entries)}

    def storage(self, cgroup, attach_type):
        key = (cgroup, attach_type if self.key_size == 16 else None)
        if key not in self.values:
            self.values[key] = self.memory.add(self.value_size)
        return self.values[key]

    def value(self, key):
        if key not in self.values:
            raise Error("ENOENT")
        return self.memory.at(self.values[key], self.value_size)


class Cgroup:
    def __init__(self, parent):
        self.parent, self.children, self.attached, self.removed = parent, 0, {}, False
        if parent:
            parent.children += 1

    def lineage(self):
        """This cgroup, and those above it."""
        yield self
        if self.parent:
            yield from self.parent.lineage()

    def effective(self, attach_type):
        return [item for cgroup in self.lineage() for item in cgroup.attached.get(attach_type, [])]


class Program:
    def __init__(self, code, maps, memory):
        self.memory, self.maps = memory, maps
        self.code = [struct.unpack_from("<BBhi", code, at) for at in range(0, len(code), 8)]
        storages = {id(used): used for used in maps.values() if used.kind == STORAGE}
        if len(storages) > 1:
            raise Error("EINVAL")
        self.storage_map = next(iter(storages.values()), None)
        for opcode, registers, _, immediate in self.code:
            if opcode == 0x85 and (registers >> 4 or immediate not in (LOOKUP, GET_LOCAL_STORAGE)):
                raise Missing("no functions and no helpers but 1 and 81")
            if opcode & 7 in (4, 7) and opcode >> 4 in (0xD, 0xE) or opcode & 7 == 6 or opcode == 0x81:
                raise Missing(f"no instruction {opcode:#x}")

    def run(self, storage):
        """R0. The storage is the one of the attachment that it runs for."""
        if TRACE:
            print("a program runs")
        stack = self.memory.add(512)
        r = [None] * 11
        r[1], r[10] = CONTEXT, stack + 512
        at = 0
        for _ in range(BUDGET):
            if not 0 <= at < len(self.code):
                raise Trap("no instruction there")
            opcode, registers, offset, immediate = self.code[at]
            dst, src, at = registers & 15, registers >> 4, at + 1
            kind = opcode & 7
            if opcode == 0x18:
                if src > 1:
                    raise Missing("no addresses of values in instructions")
                number = (immediate & 0xFFFFFFFF) | (self.code[at][3] & 0xFFFFFFFF) << 32
                r[dst] = self.maps.get(at - 1, number)
                at += 1
            elif opcode == 0x95:
                return self.number(r[0])
            elif opcode == 0x85:
                r[0] = self.lookup(r) if immediate == LOOKUP else self.get_local_storage(r, storage)
                r[1:6] = [None] * 5
            elif kind == 7:
                r[dst] = self.alu(opcode, r[dst], r[src] if opcode & 8 else immediate & U64, 64)
            elif kind == 4:
                r[dst] = self.alu(opcode, r[dst], r[src] if opcode & 8 else immediate & U64, 32)
            elif kind == 5:
                if opcode == 0x05 or self.jumps(opcode, r[dst], r[src] if opcode & 8 else immediate & U64):
                    at += offset
            elif kind == 1:
                r[dst] = int.from_bytes(self.memory.at(self.plus(r[src], offset), SIZES[opcode & 0x18]), "little")
            else:
                where = self.memory.at(self.plus(r[dst], offset), SIZES[opcode & 0x18])
                value = immediate & U64 if kind == 2 else self.number(r[src])
                if opcode & 0xE0 == 0xC0:
                    if immediate:
                        raise Missing("no atomic operation but addition")
                    value += int.from_bytes(where, "little")
                where[:] = (value & (1 << 8 * len(where)) - 1).to_bytes(len(where), "little")
        raise kit.Exhausted("too many instructions")

    def lookup(self, r):
        if not isinstance(r[1], Map) or r[1].kind != ARRAY:
            raise Trap("R1 of bpf_map_lookup_elem is no array")
        return r[1].values.get(int.from_bytes(self.memory.at(r[2], 4), "little"), 0)

    def get_local_storage(self, r, storage):
        if not isinstance(r[1], Map) or r[1].kind != STORAGE:
            raise Trap("R1 of bpf_get_local_storage is no storage map")
        if self.number(r[2]) != 0:
            raise Trap("the flags of bpf_get_local_storage are not 0")
        return storage

    def plus(self, address, offset):
        return (address + offset) & U64 if isinstance(address, int) else address

    def number(self, value):
        if not isinstance(value, int):
            raise Trap("a register without a number is read")
        return value

    def alu(self, opcode, a, b, bits):
        operation = opcode >> 4
        if operation == 0xB and bits == 64 and opcode & 8 and b is not None:
            return b
        b = self.number(b) & (1 << bits) - 1
        a = 0 if operation == 0xB else self.number(a) & (1 << bits) - 1
        signed = a - (1 << bits) if a >> bits - 1 else a
        result = {
            0x0: a + b, 0x1: a - b, 0x2: a * b, 0x3: a // b if b else 0, 0x4: a | b, 0x5: a & b, 0x6: a << b % bits, 0x7: a >> b % bits,
            0x8: -a, 0x9: a % b if b else a, 0xA: a ^ b, 0xB: b, 0xC: signed >> b % bits,
        }[operation]  # fmt: skip
        return result & (1 << bits) - 1

    def jumps(self, opcode, a, b):
        # A map or the context is not 0.
        a, b = (1 if isinstance(value, (Map, Context)) else self.number(value) for value in (a, b))
        s, t = (value - (1 << 64) if value >> 63 else value for value in (a, b))
        return {
            0x1: a == b, 0x2: a > b, 0x3: a >= b, 0x4: a & b != 0, 0x5: a != b, 0x6: s > t, 0x7: s >= t, 0xA: a < b, 0xB: a <= b,
            0xC: s < t, 0xD: s <= t,
        }[opcode >> 4]  # fmt: skip


class Context:
    pass


CONTEXT = Context()
SIZES = {0x00: 4, 0x08: 2, 0x10: 1, 0x18: 8}


def attach(program, cgroup, attach_type, flags):
    if flags not in (0, ALLOW_MULTI):
        raise Missing("attached is with no flags, or with BPF_F_ALLOW_MULTI")
    if any(item[2] == 0 for above in cgroup.lineage() if above is not cgroup for item in above.attached.get(attach_type, [])):
        raise Error("EPERM")
    here = cgroup.attached.setdefault(attach_type, [])
    if here and here[0][2] != flags:
        raise Error("EPERM")
    if flags and any(item[0] is program for item in here):
        raise Error("EINVAL")
    storage = program.storage_map and program.storage_map.storage(cgroup, attach_type)
    if not flags:
        here.clear()
    here.append((program, storage, flags))


def detach(program, cgroup, attach_type):
    here = cgroup.attached.get(attach_type, [])
    for item in here:
        if item[0] is program or item[2] == 0:
            here.remove(item)
            return
    raise Error("ENOENT")


def remove(cgroup):
    if cgroup.children:
        raise Error("EBUSY")
    cgroup.removed = True
    if cgroup.parent:
        cgroup.parent.children -= 1


# ---- the adapter: what its author writes ----------------------------------------------------------------------------------------------


class Machine:
    name, version, cpus = "tiny-python", "1.0", 1

    def __init__(self):
        self.reset()

    def reset(self):
        self.memory, self.maps = Memory(), []

    def cgroup_create(self, parent=None):
        return Cgroup(parent)

    def cgroup_remove(self, cgroup):
        remove(cgroup)
        for one in self.maps:
            one.values = {key: value for key, value in one.values.items() if one.kind == ARRAY or key[0] is not cgroup}

    def map_create(self, type, key_size, value_size, max_entries=0):
        self.maps.append(Map(self.memory, type, key_size, value_size, max_entries))
        return self.maps[-1]

    def map_close(self, map):
        pass

    def map_lookup_elem(self, map, key):
        return map.value(self.key(map, key))

    def map_update_elem(self, map, key, value, flags=0):
        if flags not in (0, 2):
            raise Error("EINVAL" if map.kind == STORAGE or flags > 2 else "EEXIST")
        map.value(self.key(map, key))[:] = value

    def map_delete_elem(self, map, key):
        raise Error("EINVAL")

    def prog_load(self, type, expected_attach_type, instructions, maps=()):
        return Program(instructions, dict(maps), self.memory)

    def prog_close(self, program):
        pass

    def prog_attach(self, program, cgroup, attach_type, flags=0):
        attach(program, cgroup, attach_type, flags)

    def prog_detach(self, cgroup, attach_type, program=None):
        detach(program, cgroup, attach_type)

    def fire(self, attach_type, cgroup):
        permitted = [program.run(storage) & 1 for program, storage, _ in cgroup.effective(attach_type)]
        if all(permitted):
            return "completed"
        return "dropped" if attach_type == "cgroup_inet_ingress" else kit.Denied("EPERM")

    def key(self, map, key):
        if isinstance(key, bytes):
            return int.from_bytes(key, "little")
        return (key.cgroup, key.attach_type if map.key_size == 16 else None)


if __name__ == "__main__":
    kit.serve(Machine(), errors={Error: kit.Failed, Trap: kit.Trapped, Missing: kit.Unsupported})
