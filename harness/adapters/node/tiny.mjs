#!/usr/bin/env node
// A deliberately tiny eBPF machine, and its adapter. The first part stands for your machine; the second is what you write.

import * as kit from './conformance_kit.mjs';

// ---- the machine ----------------------------------------------------------------------------------------------------------------------

const [ARRAY, STORAGE] = ['array', 'cgroup_storage'];
const [EXIST, ALLOW_MULTI] = [2n, 2n];
const [LOOKUP, GET_LOCAL_STORAGE] = [1, 81];
const BUDGET = 1_000_000;
const SIZES = { 0x00: 4, 0x08: 2, 0x10: 1, 0x18: 8 };
const CONTEXT = Symbol('context');
const TRACE = process.argv.includes('--trace');

/** A call fails with an errno. */
class Errno extends Error {}

/** A run does what it must not. */
class Trap extends Error {}

/** This machine is too tiny for that. */
class Missing extends Error {}

const u64 = (value) => BigInt.asUintN(64, value);

/** Objects of memory, 4 GiB apart, so that an address says which one it is in. */
class Memory {
  objects = [];

  add(size) {
    this.objects.push(new Uint8Array(size));
    return BigInt(this.objects.length) << 32n;
  }

  at(address, size) {
    if (address === CONTEXT) throw new Missing('no context to look into');
    if (typeof address !== 'bigint') throw new Trap('that is no address');
    const object = this.objects[Number(address >> 32n) - 1];
    const offset = Number(address & 0xffffffffn);
    if (!object || offset + size > object.length) throw new Trap(`access of ${size} bytes at 0x${address.toString(16)}`);
    return object.subarray(offset, offset + size);
  }

  load(address, size) {
    return this.at(address, size).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  store(address, size, value) {
    const where = this.at(address, size);
    for (let at = 0; at < size; at++, value >>= 8n) where[at] = Number(value & 0xffn);
  }
}

class Table {
  constructor(memory, kind, keySize, valueSize, maxEntries) {
    if (kind === ARRAY) {
      if (keySize !== 4 || !valueSize || !maxEntries) throw new Errno('EINVAL');
    } else if (kind === STORAGE) {
      if (![8, 16].includes(keySize) || !valueSize || maxEntries) throw new Errno('EINVAL');
    } else {
      throw new Missing(`no maps of type ${kind}`);
    }
    Object.assign(this, { memory, kind, keySize, valueSize });
    // Of arrays by index, of storages by the cgroup's id and, with keys of 16 bytes, attach type: the address of the value.
    this.values = new Map();
    for (let index = 0; index < maxEntries; index++) this.values.set(index, memory.add(valueSize));
  }

  keyOf(cgroup, attachType) {
    return this.keySize === 16 ? `${cgroup.id} ${attachType}` : `${cgroup.id}`;
  }

  storage(cgroup, attachType) {
    const key = this.keyOf(cgroup, attachType);
    if (!this.values.has(key)) this.values.set(key, this.memory.add(this.valueSize));
    return this.values.get(key);
  }

  value(key) {
    if (!this.values.has(key)) throw new Errno('ENOENT');
    return this.memory.at(this.values.get(key), this.valueSize);
  }
}

let cgroups = 0;

class Cgroup {
  constructor(parent) {
    Object.assign(this, { parent, id: ++cgroups, children: 0, attached: new Map() });
    if (parent) parent.children++;
  }

  above() {
    return this.parent ? [this.parent, ...this.parent.above()] : [];
  }

  effective(attachType) {
    return [this, ...this.above()].flatMap((cgroup) => cgroup.attached.get(attachType) ?? []);
  }

  remove() {
    if (this.children > 0) throw new Errno('EBUSY');
    if (this.parent) this.parent.children--;
  }
}

class Program {
  constructor(memory, code, maps) {
    Object.assign(this, { memory, maps, code: [] });
    for (let at = 0; at < code.length; at += 8) {
      const [opcode, registers, offset, immediate] = [code[at], code[at + 1], code.readInt16LE(at + 2), code.readInt32LE(at + 4)];
      this.code.push([opcode, registers & 15, registers >> 4, offset, immediate]);
    }
    const storages = new Set([...maps.values()].filter((map) => map.kind === STORAGE));
    if (storages.size > 1) throw new Errno('EINVAL');
    [this.storageMap] = storages;
    for (const [opcode, , src, , immediate] of this.code) {
      if (opcode === 0x85 && (src || ![LOOKUP, GET_LOCAL_STORAGE].includes(immediate))) {
        throw new Missing('no functions and no helpers but 1 and 81');
      }
      if (([4, 7].includes(opcode & 7) && opcode >= 0xd0) || (opcode & 7) === 6 || opcode === 0x81) {
        throw new Missing(`no instruction 0x${opcode.toString(16)}`);
      }
    }
  }

  /** R0. The storage is the one of the attachment that it runs for. */
  run(storage) {
    if (TRACE) console.log('a program runs');
    const r = Array(11).fill(undefined);
    r[1] = CONTEXT;
    r[10] = this.memory.add(512) + 512n;
    for (let at = 0, done = 0; done < BUDGET; done++) {
      if (!this.code[at]) throw new Trap('no instruction there');
      const [opcode, dst, src, offset, immediate] = this.code[at++];
      const kind = opcode & 7;
      const operand = () => (opcode & 8 ? r[src] : u64(BigInt(immediate)));
      const size = SIZES[opcode & 0x18];
      if (opcode === 0x18) {
        if (src > 1) throw new Missing('no addresses of values in instructions');
        const [low, high] = [immediate, this.code[at][4]].map((half) => BigInt.asUintN(32, BigInt(half)));
        r[dst] = this.maps.get(at - 1) ?? (high << 32n) | low;
        at++;
      } else if (opcode === 0x95) {
        return number(r[0]);
      } else if (opcode === 0x85) {
        r[0] = immediate === LOOKUP ? this.lookup(r) : this.getLocalStorage(r, storage);
        r.fill(undefined, 1, 6);
      } else if (kind === 7 || kind === 4) {
        r[dst] = alu(opcode, r[dst], operand(), kind === 7 ? 64 : 32);
      } else if (kind === 5) {
        if (opcode === 0x05 || jumps(opcode, r[dst], operand())) at += offset;
      } else if (kind === 1) {
        r[dst] = this.memory.load(plus(r[src], offset), size);
      } else {
        const where = plus(r[dst], offset);
        let value = kind === 2 ? BigInt(immediate) : number(r[src]);
        if ((opcode & 0xe0) === 0xc0) {
          if (immediate) throw new Missing('no atomic operation but addition');
          value += this.memory.load(where, size);
        }
        this.memory.store(where, size, value);
      }
    }
    throw new kit.Exhausted('too many instructions');
  }

  lookup(r) {
    if (r[1]?.kind !== ARRAY) throw new Trap('R1 of bpf_map_lookup_elem is no array');
    return r[1].values.get(Number(this.memory.load(r[2], 4))) ?? 0n;
  }

  getLocalStorage(r, storage) {
    if (r[1]?.kind !== STORAGE) throw new Trap('R1 of bpf_get_local_storage is no storage map');
    if (number(r[2]) !== 0n) throw new Trap('the flags of bpf_get_local_storage are not 0');
    return storage;
  }
}

function plus(address, offset) {
  return typeof address === 'bigint' ? u64(address + BigInt(offset)) : address;
}

function number(value) {
  if (typeof value !== 'bigint') throw new Trap('a register without a number is read');
  return value;
}

function alu(opcode, left, right, bits) {
  const operation = opcode >> 4;
  if (operation === 0xb && bits === 64 && right !== undefined) return right;
  const b = BigInt.asUintN(bits, number(right));
  const a = operation === 0xb ? 0n : BigInt.asUintN(bits, number(left));
  const shift = b % BigInt(bits);
  const results = [
    () => a + b, () => a - b, () => a * b, () => (b ? a / b : 0n), () => a | b, () => a & b, () => a << shift, () => a >> shift,
    () => -a, () => (b ? a % b : a), () => a ^ b, () => b, () => BigInt.asIntN(bits, a) >> shift,
  ];
  return BigInt.asUintN(bits, results[operation]());
}

function jumps(opcode, left, right) {
  // A map or the context is not 0.
  const [a, b] = [left, right].map((value) => (value === CONTEXT || value instanceof Table ? 1n : number(value)));
  const [s, t] = [BigInt.asIntN(64, a), BigInt.asIntN(64, b)];
  const results = {
    1: a === b, 2: a > b, 3: a >= b, 4: (a & b) !== 0n, 5: a !== b, 6: s > t, 7: s >= t, 10: a < b, 11: a <= b, 12: s < t, 13: s <= t,
  };
  return results[opcode >> 4];
}

function attach(program, cgroup, attachType, flags) {
  if (flags !== 0n && flags !== ALLOW_MULTI) throw new Missing('attached is with no flags, or with BPF_F_ALLOW_MULTI');
  const here = cgroup.attached.get(attachType) ?? [];
  const exclusive = cgroup.above().some((above) => above.attached.get(attachType)?.[0]?.flags === 0n);
  if (exclusive || (here.length > 0 && here[0].flags !== flags)) throw new Errno('EPERM');
  if (flags && here.some((item) => item.program === program)) throw new Errno('EINVAL');
  const item = { program, flags, storage: program.storageMap?.storage(cgroup, attachType) };
  cgroup.attached.set(attachType, flags ? [...here, item] : [item]);
}

function detach(program, cgroup, attachType) {
  const here = cgroup.attached.get(attachType) ?? [];
  const at = here.findIndex((item) => item.program === program || item.flags === 0n);
  if (at < 0) throw new Errno('ENOENT');
  here.splice(at, 1);
}

// ---- the adapter: what its author writes ----------------------------------------------------------------------------------------------

class Machine {
  name = 'tiny-node';
  version = '1.0';
  cpus = 1;
  takes = {
    cgroup_create: ['parent'],
    map_create: ['max_entries'],
    map_update_elem: ['flags'],
    prog_load: ['maps'],
    prog_attach: ['flags'],
    prog_detach: ['program'],
  };

  reset() {
    this.memory = new Memory();
    this.maps = [];
  }

  cgroup_create({ parent }) {
    return new Cgroup(parent);
  }

  cgroup_remove({ cgroup }) {
    cgroup.remove();
    for (const map of this.maps) {
      for (const key of map.values.keys()) if (String(key).split(' ')[0] === String(cgroup.id) && map.kind === STORAGE) map.values.delete(key);
    }
  }

  map_create({ type, key_size, value_size, max_entries = 0 }) {
    this.maps.push(new Table(this.memory, type, key_size, value_size, max_entries));
    return this.maps.at(-1);
  }

  map_close() {}

  map_lookup_elem({ map, key }) {
    return map.value(keyOf(map, key));
  }

  map_update_elem({ map, key, value, flags = 0n }) {
    if (flags !== 0n && flags !== EXIST) throw new Errno(map.kind === STORAGE || flags > EXIST ? 'EINVAL' : 'EEXIST');
    map.value(keyOf(map, key)).set(value);
  }

  map_delete_elem() {
    throw new Errno('EINVAL');
  }

  prog_load({ instructions, maps = new Map() }) {
    return new Program(this.memory, instructions, maps);
  }

  prog_close() {}

  prog_attach({ program, cgroup, attach_type, flags = 0n }) {
    attach(program, cgroup, attach_type, flags);
  }

  prog_detach({ program, cgroup, attach_type }) {
    detach(program, cgroup, attach_type);
  }

  fire({ attach_type, cgroup }) {
    const permitted = cgroup.effective(attach_type).map(({ program, storage }) => program.run(storage) & 1n);
    if (permitted.every(Boolean)) return 'completed';
    return attach_type === 'cgroup_inet_ingress' ? 'dropped' : new kit.Denied('EPERM');
  }
}

function keyOf(map, key) {
  return key instanceof kit.StorageKey ? map.keyOf(key.cgroup, key.attach_type) : key.readUInt32LE();
}

kit.serve(new Machine(), [[Errno, kit.Failed], [Trap, kit.Trapped], [Missing, kit.Unsupported]]);
