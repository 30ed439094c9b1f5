"""Puts a virtual machine written in Python behind the adapter protocol (PROTOCOL.md, version 1).

Write a class whose methods have the names of operations, and hand an object of it to serve(). The kit reads requests, turns names into the
objects that your methods made, hex into bytes and flags into numbers, calls the method, and writes its answer. It knows nothing of what a
map, an attachment or a helper does. Python 3.8 or later, standard library only. See README.md.
"""

import inspect
import json
import os
import sys
import traceback
from typing import NamedTuple

PROTOCOL = 1
LONGEST_LINE = 33_554_432
F_LINK = 8192

# What each operation makes, its required and its optional members, as in PROTOCOL.md. An optional member that is absent is not passed.
OPERATIONS = {
    "cgroup_create": ("cgroup", "", "parent"),
    "cgroup_remove": (None, "cgroup", ""),
    "map_create": (
        "map",
        "type key_size value_size",
        "max_entries flags spin_lock_offset numa_node map_extra inner_map key_type value_type excl_prog_hash without",
    ),
    "map_close": (None, "map", ""),
    "map_reopen": ("map", "of", ""),
    "map_freeze": (None, "map", ""),
    "map_lookup_elem": (None, "map key", "flags"),
    "map_lookup_and_delete_elem": (None, "map key", "flags"),
    "map_update_elem": (None, "map key value", "flags"),
    "map_delete_elem": (None, "map key", ""),
    "map_get_next_key": (None, "map", "key"),
    "prog_array_update": (None, "map index program", ""),
    "map_batch": (None, "map command", ""),
    "map_file": (None, "map call", ""),
    "map_null_pointer": (None, "map command null", "key"),
    "prog_load": (
        "program",
        "type expected_attach_type instructions",
        "maps flags log_level also_refers_to global_functions without",
    ),
    "prog_close": (None, "program", ""),
    "prog_bind_map": (None, "program map", ""),
    "prog_test_run": (None, "program data", "repeat"),
    "prog_attach": (None, "program cgroup attach_type", "flags replace relative expected_revision"),
    "prog_detach": (None, "cgroup attach_type", "program flags"),
    "link_create": ("link", "program cgroup attach_type", "flags relative expected_revision"),
    "link_update": (None, "link program", "old"),
    "link_detach": (None, "link", ""),
    "link_close": (None, "link", ""),
    "prog_query": (None, "cgroup attach_type", "effective capacity"),
    "fire": (None, "attach_type cgroup", "cpu times event socket interrupted_by"),
    "socket_create": ("socket", "cgroup", "listening"),
    "socket_accept": ("socket", "listener cgroup", ""),
    "socket_close": (None, "socket", ""),
    "parallel": (None, "tracks", ""),
}
CLOSES = {"map_close": "map", "prog_close": "program", "link_close": "link", "socket_close": "socket"}

# Members that are names, and of what; `relative` is a link or a program, as the flags say.
KINDS = {
    "cgroup": "cgroup", "parent": "cgroup", "map": "map", "of": "map", "inner_map": "map", "program": "program", "replace": "program",
    "old": "program", "relative": "program", "link": "link", "socket": "socket", "listener": "socket",
}  # fmt: skip
NUMBERS = {"flags", "map_extra", "expected_revision"}
BYTES = {"value", "data", "instructions", "excl_prog_hash"}
# What an optional member says that might as well be absent. Others that a method has no parameter for are unsupported.
DEFAULTS = {
    "max_entries": 0, "flags": 0, "map_extra": 0, "expected_revision": 0, "times": 1, "repeat": 1, "cpu": 0, "listening": False,
    "effective": False, "log_level": 0, "maps": [], "also_refers_to": [], "global_functions": [], "without": [], "event": {},
}  # fmt: skip

# linux/bpf.h: the number of an attach type is part of 16-byte storage keys.
ATTACH_TYPES = {
    "cgroup_inet_ingress": 0, "cgroup_inet_egress": 1, "cgroup_inet_sock_create": 2, "cgroup_sock_ops": 3, "cgroup_device": 6,
    "cgroup_inet4_bind": 8, "cgroup_inet6_bind": 9, "cgroup_inet4_connect": 10, "cgroup_inet6_connect": 11,
    "cgroup_inet4_post_bind": 12, "cgroup_inet6_post_bind": 13, "cgroup_udp4_sendmsg": 14, "cgroup_udp6_sendmsg": 15,
    "cgroup_sysctl": 18, "cgroup_udp4_recvmsg": 19, "cgroup_udp6_recvmsg": 20, "cgroup_getsockopt": 21, "cgroup_setsockopt": 22,
    "cgroup_inet4_getpeername": 29, "cgroup_inet6_getpeername": 30, "cgroup_inet4_getsockname": 31, "cgroup_inet6_getsockname": 32,
    "cgroup_inet_sock_release": 34, "cgroup_unix_connect": 49, "cgroup_unix_sendmsg": 50, "cgroup_unix_recvmsg": 51,
    "cgroup_unix_getpeername": 52, "cgroup_unix_getsockname": 53,
}  # fmt: skip
ATTACH_TYPE_NAMES = {number: name for name, number in ATTACH_TYPES.items()}


class StorageKey(NamedTuple):
    """The key of a cgroup storage: ids exist only at run time, so it holds the cgroup that your cgroup_create made."""

    cgroup: object
    attach_type: object = None
    padding: int = 0


class Outcome(Exception):
    """How an operation ended where it did not simply succeed: raise one of the classes below."""

    kind = "broken"

    def __init__(self, message=None, errno=None):
        super().__init__(message, errno)
        self.message, self.errno = message, errno


class Failed(Outcome):
    """The call fails with an errno: its name ("EINVAL"), or its number where the protocol has no name for it."""

    kind = "failed"

    def __init__(self, errno, message=None):
        super().__init__(message, errno)


class Refused(Failed):
    """prog_load refuses the program; the message is the verifier's log."""

    kind = "refused"


class Trapped(Outcome):
    """A run was stopped for something the machine forbids at run time."""

    kind = "trapped"


class Exhausted(Outcome):
    """A legal program used up the machine's budget."""

    kind = "exhausted"


class Unsupported(Outcome):
    """The machine does not offer this: not applicable in the report, with the message as the reason."""

    kind = "unsupported"


class Broken(Outcome):
    """The adapter did not do its job."""


class Denied(NamedTuple):
    """What fire returns where the system call of the event failed."""

    errno: object = "EPERM"


class Loaded(NamedTuple):
    """What prog_load may return instead of the program: with the verifier's log."""

    program: object
    log: str


class Query(NamedTuple):
    """What prog_query returns: programs as prog_load made them, in order."""

    programs: list
    attach_flags: int = 0


class _Names:
    """The suite's names for the objects that the machine made."""

    def __init__(self):
        self._open = {}
        self._all = {}

    def add(self, kind, name, thing):
        self._open[kind, name] = self._all[kind, name] = thing

    def close(self, kind, name):
        self._open.pop((kind, name), None)

    def is_open(self, kind, name):
        return (kind, name) in self._open

    def find(self, kind, name, closed=False):
        try:
            return (self._all if closed else self._open)[kind, name]
        except (KeyError, TypeError):
            raise Broken(f"no {kind} is named '{name}'") from None

    def name_of(self, kind, thing):
        for (known, name), it in self._all.items():
            if known == kind and it is thing:
                return name
        raise Broken(f"the machine speaks of a {kind} that it was not asked to make: {thing!r}")


class _Adapter:
    def __init__(self, machine, errors):
        self._machine, self._errors, self._names = machine, errors, _Names()
        self._methods = {}
        for op, (_, required, optional) in OPERATIONS.items():
            method = getattr(machine, op, None)
            if method is None:
                continue
            parameters = inspect.signature(method).parameters.values()
            taken = {parameter.name for parameter in parameters}
            if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
                taken.update(optional.split())
            known = {"times", *required.split(), *optional.split()}
            wrong = (taken - known - {p.name for p in parameters if p.kind is p.VAR_KEYWORD}) | (set(required.split()) - taken)
            if wrong:
                raise TypeError(f"{op}: parameters are the members of PROTOCOL.md: {', '.join(sorted(wrong))}")
            needed = {p.name for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD} & set(optional.split())
            self._methods[op] = (method, taken, needed)

    def answer(self, line):
        """The answer to a line, as an object."""
        seq = None
        try:
            try:
                request = json.loads(line)
            except ValueError as wrong:
                raise Broken(f"no JSON: {wrong}") from None
            if not isinstance(request, dict):
                raise Broken("a request is an object")
            seq = request.get("seq")
            if not isinstance(seq, int) or isinstance(seq, bool):
                seq = None
                raise Broken('"seq" is missing')
            return {"seq": seq, "kind": "ok", **self._perform(request)}
        except Outcome as outcome:
            return self._outcome(seq, outcome)
        except Exception as bug:
            for known, outcome in self._errors.items():
                if isinstance(bug, known):
                    return self._outcome(seq, outcome(str(bug)))
            traceback.print_exc(file=sys.stderr)
            return {"seq": seq, "kind": "broken", "message": f"{type(bug).__name__}: {bug}"}

    @staticmethod
    def _outcome(seq, outcome):
        answer = {"seq": seq, "kind": outcome.kind, "errno": outcome.errno, "message": outcome.message}
        return {name: value for name, value in answer.items() if value is not None or name == "seq"}

    def _perform(self, request):
        op = request.get("op")
        if op == "hello":
            return self._hello(request)
        if op == "reset":
            self._names = _Names()
            self._machine.reset()
            return {}
        if op not in OPERATIONS:
            raise Unsupported(f"there is no operation {op} here")
        if op not in self._methods:
            raise Unsupported(f"{self._machine.name} does not offer {op}")
        method, taken, needed = self._methods[op]
        makes, required, optional = OPERATIONS[op]
        given = {name: self._member(op, name, request) for name in required.split()}
        for name in optional.split():
            if request.get(name) is None:
                continue
            value = self._member(op, name, request)
            if name in taken:
                given[name] = value
            elif name != "times" and (name not in DEFAULTS or value != DEFAULTS[name]):
                raise Unsupported(f"{self._machine.name} does not offer \"{name}\" of {op}")
        for name in needed - given.keys():
            raise Unsupported(f"{self._machine.name} does not offer {op} without \"{name}\"")
        if makes:
            return self._make(op, makes, request, method, given)
        times = 1 if op != "fire" or "times" in taken else request.get("times") or 1
        for _ in range(times):
            result = method(**given)
        if op in CLOSES:
            self._names.close(CLOSES[op], request[CLOSES[op]])
        elif op == "cgroup_remove":
            self._names.close("cgroup", request["cgroup"])
        return self._result(op, result)

    def _hello(self, request):
        if request.get("protocol") != PROTOCOL:
            raise Broken(f"protocol {request.get('protocol')} is asked for, and this speaks {PROTOCOL}")
        machine = self._machine
        greeting = {"protocol": PROTOCOL, "name": machine.name, "version": machine.version, "cpus": machine.cpus}
        if getattr(machine, "kernel", None):
            greeting["kernel"] = machine.kernel
        return {**greeting, "operations": sorted(self._methods)}

    def _make(self, op, kind, request, method, given):
        name = request.get(kind)
        if not isinstance(name, str):
            raise Broken(f'{op} needs "{kind}"')
        if op == "map_reopen" and self._names.is_open(kind, name):
            if "map_close" in self._methods:
                self._methods["map_close"][0](self._names.find(kind, name))
            self._names.close(kind, name)
        if self._names.is_open(kind, name):
            raise Broken(f"there is a {kind} named '{name}' already")
        thing = method(**given)
        log = None
        if isinstance(thing, Loaded):
            thing, log = thing
        if thing is None:
            raise Broken(f"{op} of the machine returned no {kind}")
        self._names.add(kind, name, thing)
        return {"message": log} if log else {}

    def _member(self, op, name, request):
        value = request.get(name)
        if value is None:
            raise Broken(f'{op} needs "{name}"')
        try:
            if name in KINDS:
                kind = KINDS[name]
                if name == "relative" and int(request.get("flags") or "0", 16) & F_LINK:
                    kind = "link"
                # A removed cgroup may still be spoken of, and the map behind a closed descriptor be opened again.
                return self._names.find(kind, value, closed=kind == "cgroup" or name == "of")
            if name in NUMBERS:
                return int(value, 16)
            if name in BYTES:
                return bytes.fromhex(value)
            if name == "key":
                return self._key(value)
            if name == "maps":
                return [(load["instruction"], self._names.find("map", load["map"])) for load in value]
            if name == "also_refers_to":
                return [self._names.find("map", other) for other in value]
            if name == "interrupted_by":
                return value["attach_type"], self._names.find("cgroup", value["cgroup"])
            return value
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Broken(f'"{name}" of {op} is not as the protocol says: {json.dumps(value)[:100]}') from None

    def _key(self, key):
        if "hex" in key:
            return bytes.fromhex(key["hex"])
        return StorageKey(self._names.find("cgroup", key["cgroup"], closed=True), key.get("attach_type"), key.get("padding") or 0)

    def _result(self, op, result):
        if op in ("map_lookup_elem", "map_lookup_and_delete_elem"):
            return {"value": bytes(result).hex()}
        if op == "map_get_next_key":
            if not isinstance(result, StorageKey):
                return {"key": {"hex": bytes(result).hex()}}
            key = {"cgroup": self._names.name_of("cgroup", result.cgroup), "padding": result.padding}
            if result.attach_type is not None:
                key["attach_type"] = ATTACH_TYPE_NAMES.get(result.attach_type, result.attach_type)
            return {"key": key}
        if op == "fire":
            return {"outcome": "denied", "errno": result.errno} if isinstance(result, Denied) else {"outcome": result or "completed"}
        if op == "prog_test_run":
            return {"return_value": result & 0xFFFFFFFF}
        if op == "prog_query":
            programs = [self._names.name_of("program", program) for program in result.programs]
            return {"programs": programs, "attach_flags": result.attach_flags}
        # What the kit has no shape for (parallel) is returned as the members of the answer.
        return result if isinstance(result, dict) else {}


def serve(machine, errors=None):
    """Answers the requests on standard input until they end. From here on, what is printed goes to standard error.

    errors says which exceptions of the machine mean which outcome, each made from the exception's text: {MyError: Failed, MyTrap: Trapped}.
    """
    adapter = _Adapter(machine, errors or {})
    sys.stdout.flush()
    answers = os.dup(1)
    os.dup2(2, 1)
    requests = sys.stdin.buffer
    while True:
        line = requests.readline(LONGEST_LINE + 1)
        if not line:
            return
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            sys.exit(f"a request is longer than {LONGEST_LINE} bytes")
        if line.strip():
            text = json.dumps(adapter.answer(line), separators=(",", ":")).encode() + b"\n"
            while text:
                text = text[os.write(answers, text) :]
