// Puts a virtual machine written in JavaScript behind the adapter protocol (PROTOCOL.md, version 1).
//
// Write a class whose methods have the names of operations, and hand an object of it to serve(). The kit reads requests, turns names into the objects
// that your methods made, hex into Buffers and flags into BigInts, calls the method, and writes its answer. It knows nothing of what a map, an
// attachment or a helper does. Node 18 or later, standard library only. See README.md.

import { format } from 'node:util';

const PROTOCOL = 1;
const LONGEST_LINE = 33_554_432;
const LINE_FEED = 10;
const F_LINK = 8192n;

// What each operation makes, its required and its optional members, as in PROTOCOL.md. An optional member that is absent is not passed.
const OPERATIONS = Object.fromEntries(
  Object.entries({
    cgroup_create: ['cgroup', '', 'parent'],
    cgroup_remove: [null, 'cgroup', ''],
    map_create: [
      'map',
      'type key_size value_size',
      'max_entries flags spin_lock_offset numa_node map_extra inner_map key_type value_type excl_prog_hash without',
    ],
    map_close: [null, 'map', ''],
    map_reopen: ['map', 'of', ''],
    map_freeze: [null, 'map', ''],
    map_lookup_elem: [null, 'map key', 'flags'],
    map_lookup_and_delete_elem: [null, 'map key', 'flags'],
    map_update_elem: [null, 'map key value', 'flags'],
    map_delete_elem: [null, 'map key', ''],
    map_get_next_key: [null, 'map', 'key'],
    prog_array_update: [null, 'map index program', ''],
    map_batch: [null, 'map command', ''],
    map_file: [null, 'map call', ''],
    map_null_pointer: [null, 'map command null', 'key'],
    prog_load: [
      'program',
      'type expected_attach_type instructions',
      'maps flags log_level also_refers_to global_functions without',
    ],
    prog_close: [null, 'program', ''],
    prog_bind_map: [null, 'program map', ''],
    prog_test_run: [null, 'program data', 'repeat'],
    prog_attach: [null, 'program cgroup attach_type', 'flags replace relative expected_revision'],
    prog_detach: [null, 'cgroup attach_type', 'program flags'],
    link_create: ['link', 'program cgroup attach_type', 'flags relative expected_revision'],
    link_update: [null, 'link program', 'old'],
    link_detach: [null, 'link', ''],
    link_close: [null, 'link', ''],
    prog_query: [null, 'cgroup attach_type', 'effective capacity'],
    fire: [null, 'attach_type cgroup', 'cpu times event socket interrupted_by'],
    socket_create: ['socket', 'cgroup', 'listening'],
    socket_accept: ['socket', 'listener cgroup', ''],
    socket_close: [null, 'socket', ''],
    parallel: [null, 'tracks', ''],
  }).map(([op, [makes, required, optional]]) => [op, { makes, required: words(required), optional: words(optional) }]),
);
const CLOSES = { map_close: 'map', prog_close: 'program', link_close: 'link', socket_close: 'socket', cgroup_remove: 'cgroup' };

// Members that are names, and of what; `relative` is a link or a program, as the flags say.
const KINDS = {
  cgroup: 'cgroup', parent: 'cgroup', map: 'map', of: 'map', inner_map: 'map', program: 'program', replace: 'program', old: 'program',
  relative: 'program', link: 'link', socket: 'socket', listener: 'socket',
};
const NUMBERS = new Set(['flags', 'map_extra', 'expected_revision']);
const BYTES = new Set(['value', 'data', 'instructions', 'excl_prog_hash']);
// What an optional member says that might as well be absent. Others that a method does not take are unsupported.
const DEFAULTS = {
  max_entries: '0', flags: '"0x0"', map_extra: '"0x0"', expected_revision: '"0x0"', times: '1', repeat: '1', cpu: '0', listening: 'false',
  effective: 'false', log_level: '0', maps: '[]', also_refers_to: '[]', global_functions: '[]', without: '[]', event: '{}',
};

/** linux/bpf.h: the number of an attach type is part of 16-byte storage keys. */
export const ATTACH_TYPES = {
  cgroup_inet_ingress: 0, cgroup_inet_egress: 1, cgroup_inet_sock_create: 2, cgroup_sock_ops: 3, cgroup_device: 6, cgroup_inet4_bind: 8,
  cgroup_inet6_bind: 9, cgroup_inet4_connect: 10, cgroup_inet6_connect: 11, cgroup_inet4_post_bind: 12, cgroup_inet6_post_bind: 13,
  cgroup_udp4_sendmsg: 14, cgroup_udp6_sendmsg: 15, cgroup_sysctl: 18, cgroup_udp4_recvmsg: 19, cgroup_udp6_recvmsg: 20,
  cgroup_getsockopt: 21, cgroup_setsockopt: 22, cgroup_inet4_getpeername: 29, cgroup_inet6_getpeername: 30,
  cgroup_inet4_getsockname: 31, cgroup_inet6_getsockname: 32, cgroup_inet_sock_release: 34, cgroup_unix_connect: 49,
  cgroup_unix_sendmsg: 50, cgroup_unix_recvmsg: 51, cgroup_unix_getpeername: 52, cgroup_unix_getsockname: 53,
};
const ATTACH_TYPE_NAMES = new Map(Object.entries(ATTACH_TYPES).map(([name, number]) => [number, name]));

/** The key of a cgroup storage: ids exist only at run time, so it holds the cgroup that your cgroup_create made. */
export class StorageKey {
  constructor(cgroup, attach_type, padding = 0) {
    Object.assign(this, { cgroup, attach_type, padding });
  }
}

/** How an operation ended where it did not simply succeed: throw one of the classes below. */
class Outcome extends Error {
  constructor(kind, message, errno) {
    super(message ?? '');
    Object.assign(this, { kind, errno });
  }
}

/** The call fails with an errno: its name ('EINVAL'), or its number where the protocol has no name for it. */
export class Failed extends Outcome {
  constructor(errno, message) {
    super('failed', message, errno);
  }
}

/** prog_load refuses the program; the message is the verifier's log. */
export class Refused extends Outcome {
  constructor(errno, message) {
    super('refused', message, errno);
  }
}

/** A run was stopped for something the machine forbids at run time. */
export class Trapped extends Outcome {
  constructor(message) {
    super('trapped', message);
  }
}

/** A legal program used up the machine's budget. */
export class Exhausted extends Outcome {
  constructor(message) {
    super('exhausted', message);
  }
}

/** The machine does not offer this: not applicable in the report, with the message as the reason. */
export class Unsupported extends Outcome {
  constructor(message) {
    super('unsupported', message);
  }
}

/** The adapter did not do its job. */
export class Broken extends Outcome {
  constructor(message) {
    super('broken', message);
  }
}

/** What fire returns where the system call of the event failed. */
export class Denied {
  constructor(errno = 'EPERM') {
    this.errno = errno;
  }
}

/** What prog_load may return instead of the program: with the verifier's log. */
export class Loaded {
  constructor(program, log) {
    Object.assign(this, { program, log });
  }
}

function words(text) {
  return text.split(' ').filter(Boolean);
}

/** The suite's names for the objects that the machine made. */
class Names {
  #open = new Map();
  #all = new Map();

  add(kind, name, thing) {
    this.#open.set(`${kind} ${name}`, thing);
    this.#all.set(`${kind} ${name}`, thing);
  }

  close(kind, name) {
    this.#open.delete(`${kind} ${name}`);
  }

  isOpen(kind, name) {
    return this.#open.has(`${kind} ${name}`);
  }

  find(kind, name, closed = false) {
    const thing = (closed ? this.#all : this.#open).get(`${kind} ${name}`);
    if (thing === undefined) throw new Broken(`no ${kind} is named '${name}'`);
    return thing;
  }

  nameOf(kind, thing) {
    for (const [name, it] of this.#all) if (it === thing && name.startsWith(`${kind} `)) return name.slice(kind.length + 1);
    throw new Broken(`the machine speaks of a ${kind} that it was not asked to make`);
  }
}

class Adapter {
  #machine;
  #errors;
  #names = new Names();

  constructor(machine, errors) {
    this.#machine = machine;
    this.#errors = errors;
    for (const [op, taken] of Object.entries(machine.takes ?? {})) {
      const wrong = taken.filter((member) => !OPERATIONS[op]?.optional.includes(member));
      if (wrong.length > 0) throw new TypeError(`takes: ${op} has no optional member ${wrong.join(', ')} in PROTOCOL.md`);
    }
  }

  /** The answer to a line. */
  async answer(line) {
    let seq = null;
    try {
      const request = parse(line);
      if (!Number.isSafeInteger(request.seq)) throw new Broken('"seq" is missing');
      seq = request.seq;
      return { seq, kind: 'ok', ...(await this.#perform(request)) };
    } catch (error) {
      let outcome = error;
      const known = this.#errors.find(([type]) => error instanceof type);
      if (known) outcome = new known[1](error.message);
      if (outcome instanceof Outcome) {
        const { kind, errno, message } = outcome;
        return { seq, kind, errno, message: message || undefined };
      }
      console.error(error);
      return { seq, kind: 'broken', message: String(error) };
    }
  }

  async #perform(request) {
    const { op } = request;
    const machine = this.#machine;
    if (op === 'hello') return this.#hello(request);
    if (op === 'reset') {
      this.#names = new Names();
      await machine.reset();
      return {};
    }
    if (!Object.hasOwn(OPERATIONS, op)) throw new Unsupported(`there is no operation ${op} here`);
    if (typeof machine[op] !== 'function') throw new Unsupported(`${machine.name} does not offer ${op}`);
    const { makes, required, optional } = OPERATIONS[op];
    const taken = machine.takes?.[op] ?? [];
    const given = {};
    for (const name of required) given[name] = this.#member(op, name, request);
    for (const name of optional) {
      if (request[name] === undefined || request[name] === null) continue;
      if (taken.includes(name)) given[name] = this.#member(op, name, request);
      else if (name !== 'times' && JSON.stringify(request[name]) !== DEFAULTS[name])
        throw new Unsupported(`${machine.name} does not offer "${name}" of ${op}`);
    }
    if (makes) return this.#make(op, makes, request, given);
    let times = op === 'fire' && !taken.includes('times') ? (request.times ?? 1) : 1;
    let result;
    while (times-- > 0) {
      result = machine[op](given);
      if (result instanceof Promise) result = await result;
    }
    if (op in CLOSES) this.#names.close(CLOSES[op], request[CLOSES[op]]);
    return this.#result(op, result);
  }

  #hello(request) {
    if (request.protocol !== PROTOCOL) throw new Broken(`protocol ${request.protocol} is asked for, and this speaks ${PROTOCOL}`);
    const { name, version, cpus, kernel } = this.#machine;
    const operations = Object.keys(OPERATIONS).filter((op) => typeof this.#machine[op] === 'function');
    return { protocol: PROTOCOL, name, version, cpus, kernel, operations };
  }

  async #make(op, kind, request, given) {
    const name = request[kind];
    if (typeof name !== 'string') throw new Broken(`${op} needs "${kind}"`);
    if (op === 'map_reopen' && this.#names.isOpen(kind, name)) {
      await this.#machine.map_close?.({ map: this.#names.find(kind, name) });
      this.#names.close(kind, name);
    }
    if (this.#names.isOpen(kind, name)) throw new Broken(`there is a ${kind} named '${name}' already`);
    const made = await this.#machine[op](given);
    const thing = made instanceof Loaded ? made.program : made;
    if (thing === undefined) throw new Broken(`${op} of the machine returned no ${kind}`);
    this.#names.add(kind, name, thing);
    return made instanceof Loaded ? { message: made.log } : {};
  }

  #member(op, name, request) {
    const value = request[name];
    if (value === undefined || value === null) throw new Broken(`${op} needs "${name}"`);
    try {
      if (name in KINDS) {
        const kind = name === 'relative' && BigInt(request.flags ?? '0x0') & F_LINK ? 'link' : KINDS[name];
        // A removed cgroup may still be spoken of, and the map behind a closed descriptor be opened again.
        return this.#names.find(kind, value, kind === 'cgroup' || name === 'of');
      }
      if (NUMBERS.has(name)) return BigInt(value);
      if (BYTES.has(name)) return bytes(value);
      if (name === 'key') return this.#key(value);
      if (name === 'maps') return new Map(value.map((load) => [load.instruction, this.#names.find('map', load.map)]));
      if (name === 'also_refers_to') return value.map((other) => this.#names.find('map', other));
      if (name === 'interrupted_by') return { ...value, cgroup: this.#names.find('cgroup', value.cgroup, true) };
      return value;
    } catch (error) {
      if (error instanceof Outcome) throw error;
      throw new Broken(`"${name}" of ${op} is not as the protocol says: ${JSON.stringify(value).slice(0, 100)}`);
    }
  }

  #key(key) {
    if (key.hex !== undefined) return bytes(key.hex);
    return new StorageKey(this.#names.find('cgroup', key.cgroup, true), key.attach_type ?? undefined, key.padding ?? 0);
  }

  #result(op, result) {
    switch (op) {
      case 'map_lookup_elem':
      case 'map_lookup_and_delete_elem':
        return { value: hex(result) };
      case 'map_get_next_key':
        if (!(result instanceof StorageKey)) return { key: { hex: hex(result) } };
        return {
          key: {
            cgroup: this.#names.nameOf('cgroup', result.cgroup),
            attach_type: ATTACH_TYPE_NAMES.get(result.attach_type) ?? result.attach_type,
            padding: result.padding,
          },
        };
      case 'fire':
        return result instanceof Denied ? { outcome: 'denied', errno: result.errno } : { outcome: result ?? 'completed' };
      case 'prog_test_run':
        return { return_value: Number(BigInt.asUintN(32, BigInt(result))) };
      case 'prog_query':
        return {
          programs: result.programs.map((program) => this.#names.nameOf('program', program)),
          attach_flags: Number(result.attach_flags ?? 0),
        };
      case 'parallel':
        return result;
      default:
        return {};
    }
  }
}

function parse(line) {
  let request;
  try {
    request = JSON.parse(line);
  } catch (error) {
    throw new Broken(`no JSON: ${error.message}`);
  }
  if (request === null || typeof request !== 'object' || Array.isArray(request)) throw new Broken('a request is an object');
  return request;
}

function bytes(text) {
  const value = Buffer.from(text, 'hex');
  if (value.length * 2 !== text.length) throw new TypeError('no hex');
  return value;
}

function hex(value) {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
}

/**
 * Answers the requests on standard input until they end, and ends the process then. From here on, what is printed goes to standard error.
 * errors says which exceptions of the machine mean which outcome, each made from the exception's text: [[MyError, Failed], [MyTrap, Trapped]].
 */
export async function serve(machine, errors = []) {
  const adapter = new Adapter(machine, errors);
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  for (const method of ['log', 'info', 'debug']) console[method] = (...what) => process.stderr.write(`${format(...what)}\n`);
  let parts = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    let start = 0;
    for (let end; (end = chunk.indexOf(LINE_FEED, start)) >= 0; start = end + 1) {
      parts.push(chunk.subarray(start, end));
      await respond();
    }
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LONGEST_LINE) {
      console.error(`a request is longer than ${LONGEST_LINE} bytes`);
      process.exit(1);
    }
  }
  await respond();
  process.exit(0);

  async function respond() {
    const line = Buffer.concat(parts).toString();
    [parts, length] = [[], 0];
    if (line.trim() !== '') write(`${JSON.stringify(await adapter.answer(line))}\n`);
  }
}
