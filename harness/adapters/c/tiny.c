/* A deliberately tiny eBPF machine, and its adapter. The first part stands for your machine; the second is what you write. */

#include "conformance_kit.h"

/* ---- the machine ------------------------------------------------------------------------------------------------------------------- */

enum { BPF_ARRAY = 2, BPF_CGROUP_STORAGE = 19, BPF_EXIST = 2, BPF_F_ALLOW_MULTI = 2, INET_INGRESS = 0 };
enum { LOOKUP_ELEM = 1, GET_LOCAL_STORAGE = 81, STACK = 512, BUDGET = 1000000 };

static bool trace;

/* Objects of memory, 4 GiB apart, so that an address says which one it is in. All live until the machine is reset. */
struct memory {
	uint8_t **objects;
	size_t *sizes;
	uint64_t count;
};

static struct memory memory;

static uint64_t memory_add(size_t size)
{
	memory.objects = realloc(memory.objects, (memory.count + 1) * sizeof *memory.objects);
	memory.sizes = realloc(memory.sizes, (memory.count + 1) * sizeof *memory.sizes);
	memory.objects[memory.count] = calloc(1, size);
	memory.sizes[memory.count] = size;
	return ++memory.count << 32;
}

static uint8_t *memory_at(uint64_t address, size_t size)
{
	uint64_t object = (address >> 32) - 1, offset = address & UINT32_MAX;
	return object < memory.count && offset + size <= memory.sizes[object] ? memory.objects[object] + offset : NULL;
}

struct cgroup {
	struct cgroup *parent, *next;
	int children;
	struct attachment *attached;
};

/* One value: of an array at its index, of a storage for a cgroup and, with keys of 16 bytes, an attach type. */
struct element {
	struct element *next;
	const struct cgroup *cgroup;
	uint32_t index;
	uint64_t address;
};

struct map {
	struct map *next;
	int type;
	size_t key_size, value_size;
	struct element *elements;
};

struct instruction {
	uint8_t opcode, registers;
	int16_t offset;
	int32_t immediate;
};

struct program {
	struct program *next;
	size_t count;
	struct map *storage;
	struct map **maps; /* by slot */
	struct instruction code[];
};

struct attachment {
	struct attachment *next;
	struct program *program;
	int attach_type;
	uint64_t flags, storage;
};

static struct map *maps;
static struct program *programs;
static struct cgroup *cgroups;

static void *fresh(size_t size)
{
	void *object = calloc(1, size);
	if (!object)
		abort();
	return object;
}

static struct element *map_add(struct map *map, const struct cgroup *cgroup, uint32_t index)
{
	struct element *element = fresh(sizeof *element);
	*element = (struct element){map->elements, cgroup, index, memory_add(map->value_size)};
	return map->elements = element;
}

static struct element *map_find(const struct map *map, const struct cgroup *cgroup, uint32_t index)
{
	struct element *element = map->elements;
	if (map->type == BPF_CGROUP_STORAGE && map->key_size == 8)
		index = 0;
	while (element && (element->cgroup != cgroup || element->index != index))
		element = element->next;
	return element;
}

static int map_update(struct map *map, const struct element *element, uint64_t flags, const uint8_t *value, size_t size)
{
	if (flags != 0 && flags != BPF_EXIST)
		return map->type == BPF_CGROUP_STORAGE || flags > BPF_EXIST ? EINVAL : EEXIST;
	if (!element)
		return ENOENT;
	memcpy(memory_at(element->address, map->value_size), value, size < map->value_size ? size : map->value_size);
	return 0;
}

static int map_make(int type, size_t key_size, size_t value_size, uint32_t max_entries, struct map **made)
{
	bool storage = type == BPF_CGROUP_STORAGE;
	if (value_size == 0 || (storage ? (key_size != 8 && key_size != 16) || max_entries != 0 : key_size != 4 || max_entries == 0))
		return EINVAL;
	struct map *map = *made = fresh(sizeof *map);
	*map = (struct map){.next = maps, .type = type, .key_size = key_size, .value_size = value_size};
	maps = map;
	while (max_entries-- > 0)
		map_add(map, NULL, max_entries);
	return 0;
}

static struct cgroup *cgroup_make(struct cgroup *parent)
{
	struct cgroup *cgroup = fresh(sizeof *cgroup);
	*cgroup = (struct cgroup){.parent = parent, .next = cgroups};
	if (parent)
		parent->children++;
	return cgroups = cgroup;
}

static int cgroup_drop(struct cgroup *cgroup)
{
	if (cgroup->children > 0)
		return EBUSY;
	if (cgroup->parent)
		cgroup->parent->children--;
	/* Its storages go with it. */
	for (struct map *map = maps; map; map = map->next)
		for (struct element *element = map->elements; element; element = element->next)
			if (element->cgroup == cgroup)
				element->index = UINT32_MAX;
	return 0;
}

static struct attachment *first_of(struct attachment *one, int attach_type)
{
	while (one && one->attach_type != attach_type)
		one = one->next;
	return one;
}

static int attach(struct program *program, struct cgroup *cgroup, int attach_type, uint64_t flags)
{
	for (struct cgroup *above = cgroup->parent; above; above = above->parent) {
		const struct attachment *there = first_of(above->attached, attach_type);
		if (there && there->flags == 0)
			return EPERM;
	}
	struct attachment *here = first_of(cgroup->attached, attach_type), **last = &cgroup->attached;
	if (here && here->flags != flags)
		return EPERM;
	for (struct attachment *one = here; flags && one; one = first_of(one->next, attach_type))
		if (one->program == program)
			return EINVAL;
	if (!here || flags) {
		while (*last)
			last = &(*last)->next;
		*last = here = fresh(sizeof *here);
	}
	struct map *map = program->storage;
	*here = (struct attachment){here->next, program, attach_type, flags, 0};
	if (map) {
		struct element *storage = map_find(map, cgroup, (uint32_t)attach_type);
		here->storage = (storage ? storage : map_add(map, cgroup, map->key_size == 16 ? (uint32_t)attach_type : 0))->address;
	}
	return 0;
}

static int detach(const struct program *program, struct cgroup *cgroup, int attach_type)
{
	for (struct attachment **one = &cgroup->attached; *one; one = &(*one)->next)
		if ((*one)->attach_type == attach_type && ((*one)->program == program || (*one)->flags == 0)) {
			struct attachment *gone = *one;
			*one = gone->next;
			free(gone);
			return 0;
		}
	return ENOENT;
}

/* What the machine is too tiny for, or NULL. */
static const char *program_make(const uint8_t *code, size_t size, struct program **made)
{
	struct program *program = *made = fresh(sizeof *program + size);
	program->next = programs;
	programs = program;
	program->count = size / sizeof *program->code;
	program->maps = fresh(program->count * sizeof(struct map *));
	memcpy(program->code, code, size);
	for (size_t i = 0; i < program->count; i++) {
		uint8_t opcode = program->code[i].opcode, class = opcode & 7;
		int32_t immediate = program->code[i].immediate;
		if (opcode == 0x85 && (program->code[i].registers >> 4 || (immediate != LOOKUP_ELEM && immediate != GET_LOCAL_STORAGE)))
			return "no functions and no helpers but 1 and 81";
		if (((class == 4 || class == 7) && opcode >= 0xd0) || class == 6 || opcode == 0x81)
			return "no such instruction here";
		if (opcode == 0x18 && (i + 1 == program->count || program->code[i++].registers >> 4 > 1))
			return "no addresses of values in instructions";
	}
	return NULL;
}

static int program_map(struct program *program, int slot, struct map *map)
{
	program->maps[slot] = map;
	if (map->type != BPF_CGROUP_STORAGE)
		return 0;
	if (program->storage && program->storage != map)
		return EINVAL;
	program->storage = map;
	return 0;
}

enum outcome { RETURNED, TRAPPED, EXHAUSTED, MISSING };
enum holds { NOTHING, NUMBER, MAP, CONTEXT };

struct value {
	enum holds holds;
	uint64_t number;
	struct map *map;
};

static uint64_t load(const uint8_t *at, size_t size)
{
	uint64_t value = 0;
	while (size-- > 0)
		value = value << 8 | at[size];
	return value;
}

static bool alu(uint8_t opcode, uint64_t *left, uint64_t b)
{
	bool wide = (opcode & 7) == 7;
	uint64_t a = wide ? *left : (uint32_t)*left, mask = wide ? UINT64_MAX : UINT32_MAX;
	int64_t is_signed = wide ? (int64_t)a : (int32_t)a;
	b &= mask;
	uint64_t shift = b & (wide ? 63 : 31);
	switch (opcode >> 4) {
	case 0x0: a += b; break;
	case 0x1: a -= b; break;
	case 0x2: a *= b; break;
	case 0x3: a = b ? a / b : 0; break;
	case 0x4: a |= b; break;
	case 0x5: a &= b; break;
	case 0x6: a <<= shift; break;
	case 0x7: a >>= shift; break;
	case 0x8: a = 0 - a; break;
	case 0x9: a = b ? a % b : a; break;
	case 0xa: a ^= b; break;
	case 0xb: a = b; break;
	case 0xc: a = (uint64_t)(is_signed >> shift); break;
	default: return false;
	}
	*left = a & mask;
	return true;
}

static bool jumps(uint8_t opcode, uint64_t a, uint64_t b)
{
	int64_t s = (int64_t)a, t = (int64_t)b;
	switch (opcode >> 4) {
	case 0x1: return a == b;
	case 0x2: return a > b;
	case 0x3: return a >= b;
	case 0x4: return (a & b) != 0;
	case 0x5: return a != b;
	case 0x6: return s > t;
	case 0x7: return s >= t;
	case 0xa: return a < b;
	case 0xb: return a <= b;
	case 0xc: return s < t;
	default: return s <= t;
	}
}

/* The storage is the one of the attachment that it runs for. */
static enum outcome run(const struct program *program, uint64_t storage, uint64_t *result, const char **why)
{
	static const size_t sizes[] = {4, 2, 1, 8};
	struct value r[11] = {[1] = {.holds = CONTEXT}, [10] = {NUMBER, memory_add(STACK) + STACK, NULL}};
	if (trace)
		printf("a program runs\n");
	*why = "a register without a number is read";
	for (size_t at = 0, done = 0; done < BUDGET; done++) {
		if (at >= program->count) {
			*why = "no instruction there";
			return TRAPPED;
		}
		struct instruction in = program->code[at++];
		struct value *dst = &r[in.registers & 15], src = {NUMBER, (uint64_t)(int64_t)in.immediate, NULL};
		int class = in.opcode & 7;
		if (in.opcode == 0x18) {
			uint64_t high = (uint32_t)program->code[at].immediate;
			*dst = (struct value){program->maps[at - 1] ? MAP : NUMBER, high << 32 | (uint32_t)in.immediate, program->maps[at - 1]};
			at++;
			continue;
		}
		if (in.opcode == 0x95) {
			*result = r[0].number;
			return r[0].holds == NUMBER ? RETURNED : TRAPPED;
		}
		if (in.opcode == 0x85) {
			bool lookup = in.immediate == LOOKUP_ELEM;
			if (r[1].holds != MAP || r[1].map->type != (lookup ? BPF_ARRAY : BPF_CGROUP_STORAGE)) {
				*why = "R1 is no map that this helper takes";
				return TRAPPED;
			}
			const uint8_t *key = lookup && r[2].holds == NUMBER ? memory_at(r[2].number, 4) : NULL;
			const struct element *element = key ? map_find(r[1].map, NULL, (uint32_t)load(key, 4)) : NULL;
			if (lookup ? !key : r[2].holds != NUMBER || r[2].number != 0) {
				*why = lookup ? "R2 is no key" : "the flags of bpf_get_local_storage are not 0";
				return TRAPPED;
			}
			r[0] = (struct value){NUMBER, lookup ? element ? element->address : 0 : storage, NULL};
			memset(&r[1], 0, 5 * sizeof *r);
			continue;
		}
		if ((class >= 4 && in.opcode & 8) || class == 3)
			src = r[in.registers >> 4];
		if (class == 4 || class == 7) {
			if (in.opcode == 0xbf && src.holds != NOTHING) {
				*dst = src;
				continue;
			}
			bool moves = in.opcode >> 4 == 0xb;
			if (src.holds != NUMBER || (!moves && dst->holds != NUMBER) || !alu(in.opcode, &dst->number, src.number))
				return TRAPPED;
			dst->holds = NUMBER;
		} else if (class == 5) {
			if (in.opcode != 0x05 && (src.holds == NOTHING || dst->holds == NOTHING))
				return TRAPPED;
			/* A map or the context is not 0. */
			uint64_t a = dst->holds == NUMBER ? dst->number : 1, b = src.holds == NUMBER ? src.number : 1;
			if (in.opcode == 0x05 || jumps(in.opcode, a, b))
				at += (size_t)(ptrdiff_t)in.offset;
		} else {
			size_t size = sizes[in.opcode >> 3 & 3];
			const struct value *base = class == 1 ? &r[in.registers >> 4] : dst;
			uint8_t *where = memory_at(base->number + (uint64_t)(int64_t)in.offset, size);
			if (base->holds != NUMBER || !where) {
				*why = base->holds == CONTEXT ? "no context to look into" : "an access where nothing is";
				return base->holds == CONTEXT ? MISSING : TRAPPED;
			}
			if (class == 1) {
				*dst = (struct value){NUMBER, load(where, size), NULL};
				continue;
			}
			bool atomic = (in.opcode & 0xe0) == 0xc0;
			*why = atomic && in.immediate ? "no atomic operation but addition" : *why;
			if (src.holds != NUMBER || (atomic && in.immediate))
				return src.holds != NUMBER ? TRAPPED : MISSING;
			uint64_t value = src.number + (atomic ? load(where, size) : 0);
			for (size_t i = 0; i < size; i++, value >>= 8)
				where[i] = (uint8_t)value;
		}
	}
	*why = "too many instructions";
	return EXHAUSTED;
}

/* Every effective program, the closest cgroup's first. */
static enum outcome happen(const struct cgroup *cgroup, int attach_type, bool *permitted, const char **why)
{
	uint64_t r0;
	*permitted = true;
	for (; cgroup; cgroup = cgroup->parent)
		for (struct attachment *one = first_of(cgroup->attached, attach_type); one; one = first_of(one->next, attach_type)) {
			enum outcome outcome = run(one->program, one->storage, &r0, why);
			if (outcome != RETURNED)
				return outcome;
			*permitted &= r0 & 1;
		}
	return RETURNED;
}

/* Objects live until then: no list of this machine is long. */
static void forget(void)
{
	while (memory.count > 0)
		free(memory.objects[--memory.count]);
	for (struct map *next; maps; maps = next) {
		for (struct element *after; maps->elements; maps->elements = after) {
			after = maps->elements->next;
			free(maps->elements);
		}
		next = maps->next;
		free(maps);
	}
	for (struct program *next; programs; programs = next) {
		next = programs->next;
		free(programs->maps);
		free(programs);
	}
	for (struct cgroup *next; cgroups; cgroups = next) {
		for (struct attachment *after; cgroups->attached; cgroups->attached = after) {
			after = cgroups->attached->next;
			free(cgroups->attached);
		}
		next = cgroups->next;
		free(cgroups);
	}
}

/* ---- the adapter: what its author writes ------------------------------------------------------------------------------------------- */

static void on_cgroup_create(hc *q)
{
	hc_made(q, cgroup_make(hc_object(q, "parent")));
}

static void on_cgroup_remove(hc *q)
{
	hc_fail(q, cgroup_drop(hc_object(q, "cgroup")));
}

static void on_map_create(hc *q)
{
	struct map *map = NULL;
	int type = hc_type(q, "type");
	if (type != BPF_ARRAY && type != BPF_CGROUP_STORAGE)
		hc_unsupported(q, "no maps of type %d", type);
	else
		hc_fail(q, map_make(type, hc_number(q, "key_size", 0), hc_number(q, "value_size", 0), hc_number(q, "max_entries", 0), &map));
	hc_made(q, map);
}

static struct element *element_of(hc *q)
{
	struct hc_key key;
	hc_key(q, &key);
	uint32_t index = key.cgroup ? (uint32_t)key.attach_type : (uint32_t)load(key.bytes, key.size < 4 ? key.size : 4);
	return map_find(hc_object(q, "map"), key.cgroup, index);
}

static void on_map_lookup_elem(hc *q)
{
	const struct element *element = element_of(q);
	const struct map *map = hc_object(q, "map");
	if (element)
		hc_value(q, memory_at(element->address, map->value_size), map->value_size);
	else
		hc_fail(q, ENOENT);
}

static void on_map_update_elem(hc *q)
{
	size_t size;
	const uint8_t *value = hc_bytes(q, "value", &size);
	hc_fail(q, map_update(hc_object(q, "map"), element_of(q), hc_u64(q, "flags"), value, size));
}

static void on_map_delete_elem(hc *q)
{
	hc_fail(q, EINVAL);
}

static void on_prog_load(hc *q)
{
	size_t size, count;
	const uint8_t *code = hc_bytes(q, "instructions", &size);
	const struct hc_load *loads = hc_maps(q, &count);
	struct program *program;
	const char *missing = program_make(code, size, &program);
	if (missing)
		hc_unsupported(q, "%s", missing);
	for (size_t i = 0; i < count; i++)
		if (program_map(program, loads[i].instruction, loads[i].map))
			hc_refuse(q, EINVAL, "only one storage map of a kind");
	hc_made(q, program);
}

static void on_prog_attach(hc *q)
{
	uint64_t flags = hc_u64(q, "flags");
	if (flags & ~(uint64_t)BPF_F_ALLOW_MULTI)
		hc_unsupported(q, "attached is with no flags, or with BPF_F_ALLOW_MULTI");
	else
		hc_fail(q, attach(hc_object(q, "program"), hc_object(q, "cgroup"), hc_type(q, "attach_type"), flags));
}

static void on_prog_detach(hc *q)
{
	hc_fail(q, detach(hc_object(q, "program"), hc_object(q, "cgroup"), hc_type(q, "attach_type")));
}

static void on_fire(hc *q)
{
	static void (*const says[])(hc *, const char *, ...) = {NULL, hc_trap, hc_exhaust, hc_unsupported};
	int type = hc_type(q, "attach_type");
	const char *why;
	bool permitted;
	enum outcome outcome = happen(hc_object(q, "cgroup"), type, &permitted, &why);
	if (outcome != RETURNED)
		says[outcome](q, "%s", why);
	else if (!permitted)
		type == INET_INGRESS ? hc_dropped(q) : hc_denied(q, EPERM);
}

int main(int count, char **words)
{
	static const struct hc_operation operations[] = {
		{"cgroup_create", on_cgroup_create, "parent"},   {"cgroup_remove", on_cgroup_remove, ""},
		{"map_create", on_map_create, "max_entries"},    {"map_close", NULL, ""},
		{"map_lookup_elem", on_map_lookup_elem, ""},     {"map_update_elem", on_map_update_elem, "flags"},
		{"map_delete_elem", on_map_delete_elem, ""},     {"prog_load", on_prog_load, "maps"},
		{"prog_close", NULL, ""},                        {"prog_attach", on_prog_attach, "flags"},
		{"prog_detach", on_prog_detach, "program"},      {"fire", on_fire, ""},
		{NULL, NULL, NULL},
	};
	trace = count > 1 && strcmp(words[1], "--trace") == 0;
	return hc_serve(&(struct hc_machine){"tiny-c", "1.0", 1, NULL, forget, operations});
}
