/*
 * Puts a virtual machine written in C behind the adapter protocol (PROTOCOL.md, version 1).
 *
 * Write a function for each operation that your machine offers, list them, and call hc_serve(). The kit reads requests, turns names into the objects that
 * your functions made, hex into bytes, and calls the function, which asks for members and says how it ended. It knows nothing of what a map, an attachment or a
 * helper does. C99 and POSIX, nothing else; include it in one file. See README.md.
 */
#ifndef CONFORMANCE_KIT_H
#define CONFORMANCE_KIT_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__GNUC__) || defined(__clang__)
#define HC_PRINTF(text) __attribute__((format(printf, text, text + 1), unused))
#define HC_API static __attribute__((unused))
#else
#define HC_PRINTF(text)
#define HC_API static
#endif

/* ---- what an adapter uses ---------------------------------------------------------------------------------------------------------- */

/* A request, and the answer to it. */
typedef struct hc hc;

/*
 * An operation on offer: its name in PROTOCOL.md, what performs it (NULL: it succeeds, and there is nothing to do), and those of its optional members that
 * this honours, with blanks between.
 */
struct hc_operation {
	const char *name;
	void (*perform)(hc *q);
	const char *takes;
};

struct hc_machine {
	const char *name, *version;
	int cpus;
	const char *kernel; /* "6.18.44" to be judged by Linux's exact errors too, or NULL */
	void (*reset)(void);
	const struct hc_operation *operations; /* the last one has no name */
};

/* The key of an element: bytes, or of a storage the cgroup that your cgroup_create made, with the attach type (-1: none) and the padding. */
struct hc_key {
	const uint8_t *bytes; /* NULL: of a storage */
	size_t size;
	void *cgroup;
	int attach_type;
	uint32_t padding;
};

/* A load of a map, of prog_load: put your reference to it into the 64-bit immediate load in this slot. */
struct hc_load {
	int instruction;
	void *map;
};

/* Members of the request. Optional ones may be asked for if they stand in `takes`; where one is absent, the answer is NULL, 0, or what is given. */
HC_API void *hc_object(hc *q, const char *member);                           /* what its name stands for */
HC_API long long hc_number(hc *q, const char *member, long long otherwise);  /* also true and false */
HC_API uint64_t hc_u64(hc *q, const char *member);                           /* flags, map_extra, expected_revision, at_least */
HC_API const uint8_t *hc_bytes(hc *q, const char *member, size_t *size);     /* valid until the answer */
HC_API const char *hc_text(hc *q, const char *member);
HC_API int hc_type(hc *q, const char *member);                               /* type, attach_type, expected_attach_type as in linux/bpf.h; -1: unknown name */
HC_API bool hc_key(hc *q, struct hc_key *key);                               /* false: there is none */
HC_API const struct hc_load *hc_maps(hc *q, size_t *count);                  /* `maps` of prog_load */

/* How it ended; without a word it succeeded, and an event was completed. */
HC_API void hc_made(hc *q, void *object);                                    /* of operations that make something; not NULL */
HC_API void hc_fail(hc *q, int error);                                       /* an errno of the host, or any number of Linux; 0: it succeeded */
HC_API void hc_refuse(hc *q, int error, const char *log);                    /* of prog_load; the log may be NULL */
HC_API void hc_log(hc *q, const char *log);                                  /* of prog_load that succeeded */
HC_API void hc_trap(hc *q, const char *why, ...) HC_PRINTF(2);
HC_API void hc_exhaust(hc *q, const char *why, ...) HC_PRINTF(2);
HC_API void hc_unsupported(hc *q, const char *why, ...) HC_PRINTF(2);
HC_API void hc_broken(hc *q, const char *why, ...) HC_PRINTF(2);             /* a bug of the adapter */
HC_API void hc_value(hc *q, const void *bytes, size_t size);                 /* of lookups */
HC_API void hc_denied(hc *q, int error);                                     /* of fire: the event's system call failed */
HC_API void hc_dropped(hc *q);                                               /* of fire */
HC_API void hc_next_key(hc *q, struct hc_key key);                           /* of map_get_next_key */
HC_API void hc_return_value(hc *q, uint32_t r0);                             /* of prog_test_run */
HC_API void hc_program(hc *q, void *program);                                /* of prog_query, for each in order */
HC_API void hc_attach_flags(hc *q, uint32_t flags);                          /* of prog_query */

/* Answers the requests on standard input until they end, and resets the machine then. From here on, what is printed goes to standard error. Returns an exit code. */
HC_API int hc_serve(const struct hc_machine *machine);

/* ---- tables ------------------------------------------------------------------------------------------------------------------------ */

enum { HC_PROTOCOL = 1, HC_LONGEST_LINE = 33554432, HC_DEEPEST = 256, HC_F_LINK = 8192, HC_TEXT = 512 };

struct hc__spec {
	const char *name, *makes, *required, *optional;
};

static const struct hc__spec hc__specs[] = {
	{"cgroup_create", "cgroup", "", "parent"},
	{"cgroup_remove", NULL, "cgroup", ""},
	{"map_create", "map", "type key_size value_size",
	 "max_entries flags spin_lock_offset numa_node map_extra inner_map key_type value_type excl_prog_hash without"},
	{"map_close", NULL, "map", ""},
	{"map_reopen", "map", "of", ""},
	{"map_freeze", NULL, "map", ""},
	{"map_lookup_elem", NULL, "map key", "flags"},
	{"map_lookup_and_delete_elem", NULL, "map key", "flags"},
	{"map_update_elem", NULL, "map key value", "flags"},
	{"map_delete_elem", NULL, "map key", ""},
	{"map_get_next_key", NULL, "map", "key"},
	{"prog_array_update", NULL, "map index program", ""},
	{"map_batch", NULL, "map command", ""},
	{"map_file", NULL, "map call", ""},
	{"map_null_pointer", NULL, "map command null", "key"},
	{"prog_load", "program", "type expected_attach_type instructions", "maps flags log_level also_refers_to global_functions without"},
	{"prog_close", NULL, "program", ""},
	{"prog_bind_map", NULL, "program map", ""},
	{"prog_test_run", NULL, "program data", "repeat"},
	{"prog_attach", NULL, "program cgroup attach_type", "flags replace relative expected_revision"},
	{"prog_detach", NULL, "cgroup attach_type", "program flags"},
	{"link_create", "link", "program cgroup attach_type", "flags relative expected_revision"},
	{"link_update", NULL, "link program", "old"},
	{"link_detach", NULL, "link", ""},
	{"link_close", NULL, "link", ""},
	{"prog_query", NULL, "cgroup attach_type", "effective capacity"},
	{"fire", NULL, "attach_type cgroup", "cpu times event socket interrupted_by"},
	{"socket_create", "socket", "cgroup", "listening"},
	{"socket_accept", "socket", "listener cgroup", ""},
	{"socket_close", NULL, "socket", ""},
};

struct hc__pair {
	const char *name;
	int number;
};

static const struct hc__pair hc__attach_types[] = {
	{"cgroup_inet_ingress", 0}, {"cgroup_inet_egress", 1}, {"cgroup_inet_sock_create", 2}, {"cgroup_sock_ops", 3}, {"cgroup_device", 6},
	{"cgroup_inet4_bind", 8}, {"cgroup_inet6_bind", 9}, {"cgroup_inet4_connect", 10}, {"cgroup_inet6_connect", 11},
	{"cgroup_inet4_post_bind", 12}, {"cgroup_inet6_post_bind", 13}, {"cgroup_udp4_sendmsg", 14}, {"cgroup_udp6_sendmsg", 15},
	{"cgroup_sysctl", 18}, {"cgroup_udp4_recvmsg", 19}, {"cgroup_udp6_recvmsg", 20}, {"cgroup_getsockopt", 21},
	{"cgroup_setsockopt", 22}, {"cgroup_inet4_getpeername", 29}, {"cgroup_inet6_getpeername", 30}, {"cgroup_inet4_getsockname", 31},
	{"cgroup_inet6_getsockname", 32}, {"cgroup_inet_sock_release", 34}, {"cgroup_unix_connect", 49}, {"cgroup_unix_sendmsg", 50},
	{"cgroup_unix_recvmsg", 51}, {"cgroup_unix_getpeername", 52}, {"cgroup_unix_getsockname", 53}, {NULL, 0},
};
static const struct hc__pair hc__map_types[] = {
	{"hash", 1}, {"array", 2}, {"prog_array", 3}, {"percpu_array", 6}, {"cgroup_storage", 19}, {"percpu_cgroup_storage", 21}, {NULL, 0},
};
static const struct hc__pair hc__program_types[] = {
	{"socket_filter", 1}, {"kprobe", 2}, {"sched_cls", 3}, {"tracepoint", 5}, {"xdp", 6}, {"cgroup_skb", 8}, {"cgroup_sock", 9},
	{"sock_ops", 13}, {"cgroup_device", 15}, {"cgroup_sock_addr", 18}, {"cgroup_sysctl", 23}, {"cgroup_sockopt", 25}, {NULL, 0},
};

/* The host's numbers; every other one is written as it is. */
static const struct hc__pair hc__errors[] = {
	{"EPERM", EPERM}, {"ENOENT", ENOENT}, {"EIO", EIO}, {"E2BIG", E2BIG}, {"EBADF", EBADF}, {"EAGAIN", EAGAIN}, {"ENOMEM", ENOMEM}, {"EACCES", EACCES},
	{"EFAULT", EFAULT}, {"EBUSY", EBUSY}, {"EEXIST", EEXIST}, {"EINVAL", EINVAL}, {"ENOSPC", ENOSPC}, {"ERANGE", ERANGE},
	{"ENOTEMPTY", ENOTEMPTY}, {"ENOLINK", ENOLINK}, {"EPROTO", EPROTO}, {"EOPNOTSUPP", EOPNOTSUPP}, {"ENOPROTOOPT", ENOPROTOOPT},
	{"ESTALE", ESTALE}, {"ENOTSUPP", 524}, {NULL, 0},
};

/* ---- memory ------------------------------------------------------------------------------------------------------------------------ */

struct hc__chunk {
	struct hc__chunk *next;
	size_t used, size;
	uint64_t bytes[];
};

static void *hc__grown(void *memory, size_t size)
{
	memory = realloc(memory, size);
	if (!memory) {
		fprintf(stderr, "out of memory\n");
		exit(1);
	}
	return memory;
}

/* Lives until the answer. */
static void *hc__take(struct hc__chunk **chunks, size_t size)
{
	enum { USUAL = 65536 };
	struct hc__chunk *chunk = *chunks;
	size = (size + 15) & ~(size_t)15;
	if (!chunk || chunk->used + size > chunk->size) {
		size_t room = size > USUAL ? size : USUAL;
		chunk = hc__grown(NULL, sizeof *chunk + room);
		*chunk = (struct hc__chunk){.next = *chunks, .size = room};
		*chunks = chunk;
	}
	chunk->used += size;
	return (char *)chunk->bytes + chunk->used - size;
}

static void hc__release(struct hc__chunk **chunks)
{
	while (*chunks && (*chunks)->next) {
		struct hc__chunk *next = (*chunks)->next;
		free(*chunks);
		*chunks = next;
	}
	if (*chunks)
		(*chunks)->used = 0;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------------------------- */

enum hc__kind { HC_NULL, HC_BOOLEAN, HC_INTEGER, HC_OTHER_NUMBER, HC_STRING, HC_ARRAY, HC_OBJECT };

struct hc__json {
	enum hc__kind kind;
	const char *name; /* of a member */
	char *text;       /* of a string, decoded, with a zero behind it */
	long long number; /* also of true and false */
	struct hc__json *first, *next;
};

/* Reads a text in place: strings are decoded where they stand, and end with a zero there. */
struct hc__reader {
	char *at, *end;
	struct hc__chunk **chunks;
};

static void hc__blanks(struct hc__reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r' || *r->at == '\n'))
		r->at++;
}

static bool hc__next(struct hc__reader *r, char c)
{
	hc__blanks(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static int hc__digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static long hc__unit(struct hc__reader *r)
{
	long unit = 0;
	for (int i = 0; i < 4; i++, r->at++) {
		int digit = r->at < r->end ? hc__digit(*r->at) : -1;
		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

static char *hc__utf8(char *to, unsigned long c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (c & 0x3f));
	return to;
}

/* What stands behind the opening quote; NULL: no string. It never becomes longer. */
static char *hc__string(struct hc__reader *r)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	char *text = r->at, *to = r->at;
	while (r->at < r->end) {
		char c = *r->at++;
		if (c == '"') {
			*to = 0;
			return text;
		}
		if ((unsigned char)c < 0x20)
			return NULL;
		if (c != '\\') {
			*to++ = c;
			continue;
		}
		if (r->at == r->end)
			return NULL;
		c = *r->at++;
		if (c == 'u') {
			long unit = hc__unit(r), low;
			if (unit < 0)
				return NULL;
			if (unit >= 0xd800 && unit < 0xdc00 && r->end - r->at >= 6 && r->at[0] == '\\' && r->at[1] == 'u') {
				r->at += 2;
				low = hc__unit(r);
				if (low < 0xdc00 || low > 0xdfff)
					return NULL;
				unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
			}
			to = hc__utf8(to, (unsigned long)unit);
			continue;
		}
		const char *known = c ? strchr(from, c) : NULL;
		if (!known)
			return NULL;
		*to++ = into[known - from];
	}
	return NULL;
}

static bool hc__word(struct hc__reader *r, const char *word)
{
	size_t length = strlen(word);
	if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0)
		return false;
	r->at += length;
	return true;
}

static bool hc__numeral(struct hc__reader *r, struct hc__json *value)
{
	char *start = r->at, *stop;
	while (r->at < r->end && (strchr("+-.eE", *r->at) ? *r->at != 0 : *r->at >= '0' && *r->at <= '9'))
		r->at++;
	if (r->at == start)
		return false;
	/* What stands behind it is put back; the text has room for a zero at its end. */
	char behind = *r->at;
	*r->at = 0;
	errno = 0;
	value->kind = HC_INTEGER;
	value->number = strtoll(start, &stop, 10);
	if (stop != r->at || errno != 0) {
		value->kind = HC_OTHER_NUMBER;
		(void)strtod(start, &stop);
	}
	bool whole = stop == r->at;
	*r->at = behind;
	return whole;
}

static struct hc__json *hc__read(struct hc__reader *r, int depth)
{
	struct hc__json *value = hc__take(r->chunks, sizeof *value), **last = &value->first;
	*value = (struct hc__json){.kind = HC_NULL};
	hc__blanks(r);
	if (r->at == r->end || depth > HC_DEEPEST)
		return NULL;
	char c = *r->at;
	if (c == '"') {
		r->at++;
		value->kind = HC_STRING;
		value->text = hc__string(r);
		return value->text ? value : NULL;
	}
	if (c != '{' && c != '[') {
		if (hc__word(r, "null"))
			return value;
		value->kind = HC_BOOLEAN;
		value->number = c == 't';
		return hc__word(r, "true") || hc__word(r, "false") || hc__numeral(r, value) ? value : NULL;
	}
	char close = c == '{' ? '}' : ']';
	value->kind = c == '{' ? HC_OBJECT : HC_ARRAY;
	r->at++;
	if (hc__next(r, close))
		return value;
	do {
		char *name = NULL;
		if (c == '{' && (!hc__next(r, '"') || !(name = hc__string(r)) || !hc__next(r, ':')))
			return NULL;
		struct hc__json *member = hc__read(r, depth + 1);
		if (!member)
			return NULL;
		member->name = name;
		*last = member;
		last = &member->next;
	} while (hc__next(r, ','));
	return hc__next(r, close) ? value : NULL;
}

/* NULL where it is absent, or null. */
static struct hc__json *hc__member(const struct hc__json *object, const char *name)
{
	for (struct hc__json *member = object && object->kind == HC_OBJECT ? object->first : NULL; member; member = member->next)
		if (strcmp(member->name, name) == 0)
			return member->kind == HC_NULL ? NULL : member;
	return NULL;
}

/* ---- what is written --------------------------------------------------------------------------------------------------------------- */

struct hc__text {
	char *bytes;
	size_t length, room;
};

static void hc__add(struct hc__text *text, const char *bytes, size_t length)
{
	if (text->length + length + 1 > text->room) {
		text->room = (text->length + length + 1) * 2;
		text->bytes = hc__grown(text->bytes, text->room);
	}
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = 0;
}

HC_API void hc__addf(struct hc__text *text, const char *format, ...) HC_PRINTF(2);
static void hc__addf(struct hc__text *text, const char *format, ...)
{
	char some[HC_TEXT];
	va_list list;
	va_start(list, format);
	int length = vsnprintf(some, sizeof some, format, list);
	va_end(list);
	hc__add(text, some, length < (int)sizeof some ? (size_t)length : sizeof some - 1);
}

/* A string; what is no UTF-8 would make the whole line unreadable. */
static void hc__quote(struct hc__text *text, const char *string)
{
	hc__add(text, "\"", 1);
	for (const unsigned char *c = (const unsigned char *)string; *c;) {
		int more = *c < 0x80 ? 0 : *c >= 0xc2 && *c < 0xe0 ? 1 : *c >= 0xe0 && *c < 0xf0 ? 2 : *c >= 0xf0 && *c < 0xf5 ? 3 : -1, is = 0;
		while (is < more && (c[is + 1] & 0xc0) == 0x80)
			is++;
		if (more < 0 || is < more) {
			hc__add(text, "?", 1);
			c++;
		} else if (*c == '"' || *c == '\\' || *c < 0x20) {
			hc__addf(text, "\\u%04x", *c++);
		} else {
			hc__add(text, (const char *)c, (size_t)more + 1);
			c += more + 1;
		}
	}
	hc__add(text, "\"", 1);
}

static void hc__hex(struct hc__text *text, const void *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	hc__add(text, "\"", 1);
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = ((const unsigned char *)bytes)[i];
		char two[2] = {digits[byte >> 4], digits[byte & 15]};
		hc__add(text, two, 2);
	}
	hc__add(text, "\"", 1);
}

/* ---- names ------------------------------------------------------------------------------------------------------------------------- */

struct hc__name {
	const char *kind;
	char *name;
	void *object;
	bool open;
};

struct hc {
	const struct hc_machine *machine;
	const struct hc_operation *operation;
	const struct hc__spec *spec;
	struct hc__json *request;
	struct hc__chunk *chunks;
	const char *kind, *outcome;
	int error;
	char message[HC_TEXT];
	const char *log;
	struct hc__text members; /* further ones, each with a comma before it */
	struct hc__text programs;
	void *made;
	struct hc__name *names;
	size_t count, room;
};

static bool hc__same(const char *left, const char *right)
{
	return left && right && strcmp(left, right) == 0;
}

/* What a member names, or NULL; `relative` is a link or a program, as the flags say. */
static const char *hc__kind_of(hc *q, const char *member)
{
	static const char *const kinds[][2] = {
		{"cgroup", "cgroup"}, {"parent", "cgroup"}, {"map", "map"}, {"of", "map"}, {"inner_map", "map"}, {"program", "program"},
		{"replace", "program"}, {"old", "program"}, {"relative", "program"}, {"link", "link"}, {"socket", "socket"}, {"listener", "socket"},
	};
	const struct hc__json *flags = hc__member(q->request, "flags");
	if (hc__same(member, "relative") && flags && flags->kind == HC_STRING && strtoull(flags->text, NULL, 16) & HC_F_LINK)
		return "link";
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (hc__same(kinds[i][0], member))
			return kinds[i][1];
	return NULL;
}

static struct hc__name *hc__find(hc *q, const char *kind, const struct hc__json *name, bool closed)
{
	for (size_t i = q->count; name && name->kind == HC_STRING && i-- > 0;) {
		struct hc__name *one = &q->names[i];
		if ((one->open || closed) && hc__same(one->kind, kind) && hc__same(one->name, name->text))
			return one;
	}
	hc_broken(q, "no %s is named '%s'", kind, name && name->kind == HC_STRING ? name->text : "");
	return NULL;
}

static struct hc__name *hc__resolve(hc *q, const char *member)
{
	const char *kind = hc__kind_of(q, member);
	/* A removed cgroup may still be spoken of, and the map behind a closed descriptor be opened again. */
	return hc__find(q, kind, hc__member(q->request, member), hc__same(kind, "cgroup") || hc__same(member, "of"));
}

static const char *hc__name_of(hc *q, const char *kind, const void *object)
{
	for (size_t i = q->count; i-- > 0;)
		if (q->names[i].object == object && hc__same(q->names[i].kind, kind))
			return q->names[i].name;
	hc_broken(q, "the machine speaks of a %s that it was not asked to make", kind);
	return "";
}

/* ---- members of requests ----------------------------------------------------------------------------------------------------------- */

static bool hc__lists(const char *list, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = list; at && (at = strstr(at, word)); at += length)
		if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == 0))
			return true;
	return false;
}

HC_API void *hc_object(hc *q, const char *member)
{
	struct hc__name *name = hc__member(q->request, member) ? hc__resolve(q, member) : NULL;
	return name ? name->object : NULL;
}

HC_API long long hc_number(hc *q, const char *member, long long otherwise)
{
	const struct hc__json *value = hc__member(q->request, member);
	return value && (value->kind == HC_INTEGER || value->kind == HC_BOOLEAN) ? value->number : otherwise;
}

HC_API uint64_t hc_u64(hc *q, const char *member)
{
	const struct hc__json *value = hc__member(q->request, member);
	return value && value->kind == HC_STRING ? strtoull(value->text, NULL, 16) : 0;
}

static const uint8_t *hc__bytes_of(hc *q, const struct hc__json *value, size_t *size)
{
	size_t length = value && value->kind == HC_STRING ? strlen(value->text) : 1;
	if (length % 2 != 0)
		return NULL;
	uint8_t *bytes = hc__take(&q->chunks, length / 2 + 1);
	for (*size = 0; *size < length / 2; ++*size) {
		int high = hc__digit(value->text[*size * 2]), low = hc__digit(value->text[*size * 2 + 1]);
		if (high < 0 || low < 0)
			return NULL;
		bytes[*size] = (uint8_t)(high << 4 | low);
	}
	return bytes;
}

HC_API const uint8_t *hc_bytes(hc *q, const char *member, size_t *size)
{
	*size = 0;
	return hc__bytes_of(q, hc__member(q->request, member), size);
}

HC_API const char *hc_text(hc *q, const char *member)
{
	const struct hc__json *value = hc__member(q->request, member);
	return value && value->kind == HC_STRING ? value->text : NULL;
}

static int hc__type_of(const struct hc__json *value, const struct hc__pair *known)
{
	if (value && value->kind == HC_INTEGER)
		return (int)value->number;
	for (; value && value->kind == HC_STRING && known->name; known++)
		if (hc__same(known->name, value->text))
			return known->number;
	return -1;
}

HC_API int hc_type(hc *q, const char *member)
{
	bool is_type = hc__same(member, "type");
	const struct hc__pair *known = !is_type ? hc__attach_types : hc__same(q->spec->name, "map_create") ? hc__map_types : hc__program_types;
	return hc__type_of(hc__member(q->request, member), known);
}

HC_API bool hc_key(hc *q, struct hc_key *key)
{
	const struct hc__json *value = hc__member(q->request, "key"), *hex = hc__member(value, "hex");
	const struct hc__json *padding = hc__member(value, "padding");
	*key = (struct hc_key){.attach_type = hc__type_of(hc__member(value, "attach_type"), hc__attach_types)};
	key->padding = padding ? (uint32_t)padding->number : 0;
	if (!value)
		return false;
	if (hex)
		return (key->bytes = hc__bytes_of(q, hex, &key->size)) != NULL;
	struct hc__name *cgroup = hc__find(q, "cgroup", hc__member(value, "cgroup"), true);
	key->cgroup = cgroup ? cgroup->object : NULL;
	return cgroup != NULL;
}

HC_API const struct hc_load *hc_maps(hc *q, size_t *count)
{
	const struct hc__json *maps = hc__member(q->request, "maps");
	const struct hc__json *one;
	size_t room = 0;
	*count = 0;
	for (one = maps ? maps->first : NULL; one; one = one->next)
		room++;
	struct hc_load *loads = hc__take(&q->chunks, (room + 1) * sizeof *loads);
	for (one = maps ? maps->first : NULL; one; one = one->next) {
		const struct hc__json *instruction = hc__member(one, "instruction");
		struct hc__name *map = hc__find(q, "map", hc__member(one, "map"), false);
		if (map)
			loads[(*count)++] = (struct hc_load){instruction ? (int)instruction->number : -1, map->object};
	}
	return loads;
}

/* ---- members of answers ------------------------------------------------------------------------------------------------------------ */

HC_API void hc_made(hc *q, void *object)
{
	q->made = object;
}

HC_API void hc_fail(hc *q, int error)
{
	q->kind = error ? "failed" : "ok";
	q->error = error;
}

HC_API void hc_refuse(hc *q, int error, const char *log)
{
	q->kind = "refused";
	q->error = error;
	q->log = log;
}

HC_API void hc_log(hc *q, const char *log)
{
	q->log = log;
}

#define HC__SAYS(kind_)                                        \
	va_list list;                                          \
	va_start(list, why);                                   \
	q->kind = kind_;                                       \
	vsnprintf(q->message, sizeof q->message, why, list);   \
	va_end(list)

HC_API void hc_trap(hc *q, const char *why, ...)
{
	HC__SAYS("trapped");
}

HC_API void hc_exhaust(hc *q, const char *why, ...)
{
	HC__SAYS("exhausted");
}

HC_API void hc_unsupported(hc *q, const char *why, ...)
{
	HC__SAYS("unsupported");
}

HC_API void hc_broken(hc *q, const char *why, ...)
{
	HC__SAYS("broken");
}

HC_API void hc_value(hc *q, const void *bytes, size_t size)
{
	hc__addf(&q->members, ",\"value\":");
	hc__hex(&q->members, bytes, size);
}

HC_API void hc_denied(hc *q, int error)
{
	q->outcome = "denied";
	q->error = error;
}

HC_API void hc_dropped(hc *q)
{
	q->outcome = "dropped";
}

HC_API void hc_next_key(hc *q, struct hc_key key)
{
	hc__addf(&q->members, ",\"key\":{\"%s\":", key.bytes ? "hex" : "cgroup");
	if (key.bytes) {
		hc__hex(&q->members, key.bytes, key.size);
	} else {
		hc__quote(&q->members, hc__name_of(q, "cgroup", key.cgroup));
		const struct hc__pair *type = hc__attach_types;
		while (type->name && type->number != key.attach_type)
			type++;
		if (type->name)
			hc__addf(&q->members, ",\"attach_type\":\"%s\"", type->name);
		else if (key.attach_type >= 0)
			hc__addf(&q->members, ",\"attach_type\":%d", key.attach_type);
		hc__addf(&q->members, ",\"padding\":%lu", (unsigned long)key.padding);
	}
	hc__addf(&q->members, "}");
}

HC_API void hc_return_value(hc *q, uint32_t r0)
{
	hc__addf(&q->members, ",\"return_value\":%lu", (unsigned long)r0);
}

HC_API void hc_program(hc *q, void *program)
{
	hc__add(&q->programs, ",", q->programs.length > 0);
	hc__quote(&q->programs, hc__name_of(q, "program", program));
}

HC_API void hc_attach_flags(hc *q, uint32_t flags)
{
	hc__addf(&q->members, ",\"attach_flags\":%lu", (unsigned long)flags);
}

/* ---- dispatch ---------------------------------------------------------------------------------------------------------------------- */

/* Whether an optional member says what it would say if it were absent. */
static bool hc__is_default(const char *member, const struct hc__json *value)
{
	switch (value->kind) {
	case HC_BOOLEAN:
		return !value->number;
	case HC_INTEGER:
		return value->number == (hc__lists("times repeat", member) ? 1 : 0) && hc__lists("times repeat max_entries cpu log_level", member);
	case HC_STRING:
		return hc__lists("flags map_extra expected_revision", member) && strtoull(value->text, NULL, 16) == 0;
	case HC_ARRAY:
	case HC_OBJECT:
		return !value->first;
	default:
		return false;
	}
}

/* Whether what was asked for can be read; if not, the answer says why. */
static bool hc__check(hc *q, const char *member, const struct hc__json *value)
{
	struct hc_key key;
	size_t size;
	bool good = true;
	if (!value) {
		hc_broken(q, "%s needs \"%s\"", q->spec->name, member);
		return false;
	}
	if (hc__kind_of(q, member))
		return hc__resolve(q, member) != NULL;
	if (hc__same(member, "key"))
		good = hc_key(q, &key);
	else if (hc__lists("value data instructions excl_prog_hash", member))
		good = hc__bytes_of(q, value, &size) != NULL;
	else if (hc__lists("flags map_extra expected_revision", member))
		good = value->kind == HC_STRING && strncmp(value->text, "0x", 2) == 0;
	else if (hc__same(member, "maps"))
		hc_maps(q, &size);
	else if (hc__lists("key_size value_size max_entries index cpu times repeat capacity spin_lock_offset numa_node log_level", member))
		good = value->kind == HC_INTEGER;
	else if (hc__lists("type attach_type expected_attach_type", member))
		good = value->kind == HC_INTEGER || value->kind == HC_STRING;
	else if (hc__lists("command call null", member))
		good = value->kind == HC_STRING;
	if (!good && strcmp(q->kind, "ok") == 0)
		hc_broken(q, "\"%s\" of %s is not as the protocol says", member, q->spec->name);
	return strcmp(q->kind, "ok") == 0;
}

/* The next word of a list, or NULL at its end. */
static const char *hc__each(const char **list, char word[HC_TEXT])
{
	size_t length = strcspn(*list, " ");
	if (length == 0)
		return NULL;
	memcpy(word, *list, length);
	word[length] = 0;
	*list += length + ((*list)[length] == ' ');
	return word;
}

static bool hc__check_members(hc *q)
{
	const char *required = q->spec->required, *optional = q->spec->optional;
	char word[HC_TEXT];
	while (hc__each(&required, word))
		if (!hc__check(q, word, hc__member(q->request, word)))
			return false;
	while (hc__each(&optional, word)) {
		const struct hc__json *value = hc__member(q->request, word);
		if (!value)
			continue;
		if (hc__lists(q->operation->takes, word)) {
			if (!hc__check(q, word, value))
				return false;
		} else if (strcmp(word, "times") != 0 && !hc__is_default(word, value)) {
			hc_unsupported(q, "%s does not offer \"%s\" of %s", q->machine->name, word, q->spec->name);
			return false;
		}
	}
	return true;
}

static const struct hc_operation *hc__offered(const struct hc_machine *machine, const char *name)
{
	const struct hc_operation *one = machine->operations;
	while (one->name && strcmp(one->name, name) != 0)
		one++;
	return one->name ? one : NULL;
}

static void hc__close(hc *q, const char *kind, const char *name)
{
	for (size_t i = 0; i < q->count; i++)
		if (hc__same(q->names[i].kind, kind) && hc__same(q->names[i].name, name))
			q->names[i].open = false;
}

static bool hc__is_open(hc *q, const char *kind, const char *name)
{
	for (size_t i = 0; i < q->count; i++)
		if (q->names[i].open && hc__same(q->names[i].kind, kind) && hc__same(q->names[i].name, name))
			return true;
	return false;
}

static void hc__make(hc *q)
{
	const char *kind = q->spec->makes, *name = hc_text(q, kind);
	if (!name) {
		hc_broken(q, "%s needs \"%s\"", q->spec->name, kind);
		return;
	}
	if (hc__same(q->spec->name, "map_reopen") && hc__is_open(q, kind, name)) {
		const struct hc_operation *close = hc__offered(q->machine, "map_close");
		if (close && close->perform)
			close->perform(q);
		hc__close(q, kind, name);
	}
	if (hc__is_open(q, kind, name)) {
		hc_broken(q, "there is a %s named '%s' already", kind, name);
		return;
	}
	if (q->operation->perform)
		q->operation->perform(q);
	if (strcmp(q->kind, "ok") != 0)
		return;
	if (!q->made) {
		hc_broken(q, "%s of the machine made no %s", q->spec->name, kind);
		return;
	}
	if (q->count == q->room) {
		q->room = q->room ? q->room * 2 : 64;
		q->names = hc__grown(q->names, q->room * sizeof *q->names);
	}
	char *copy = hc__grown(NULL, strlen(name) + 1);
	strcpy(copy, name);
	q->names[q->count++] = (struct hc__name){kind, copy, q->made, true};
}

static void hc__forget(hc *q)
{
	while (q->count > 0)
		free(q->names[--q->count].name);
	q->machine->reset();
}

static void hc__greet(hc *q)
{
	long long protocol = hc_number(q, "protocol", 0);
	if (protocol != HC_PROTOCOL) {
		hc_broken(q, "protocol %lld is asked for, and this speaks %d", protocol, HC_PROTOCOL);
		return;
	}
	hc__addf(&q->members, ",\"protocol\":%d,\"cpus\":%d,\"name\":", HC_PROTOCOL, q->machine->cpus);
	hc__quote(&q->members, q->machine->name);
	hc__addf(&q->members, ",\"version\":");
	hc__quote(&q->members, q->machine->version);
	if (q->machine->kernel)
		hc__addf(&q->members, ",\"kernel\":\"%s\"", q->machine->kernel);
	hc__addf(&q->members, ",\"operations\":[");
	for (const struct hc_operation *one = q->machine->operations; one->name; one++)
		hc__addf(&q->members, "%s\"%s\"", one == q->machine->operations ? "" : ",", one->name);
	hc__addf(&q->members, "]");
}

static void hc__perform(hc *q)
{
	const char *op = hc_text(q, "op");
	if (!op) {
		hc_broken(q, "\"op\" is missing");
		return;
	}
	if (strcmp(op, "hello") == 0) {
		hc__greet(q);
		return;
	}
	if (strcmp(op, "reset") == 0) {
		hc__forget(q);
		return;
	}
	for (size_t i = 0; i < sizeof hc__specs / sizeof *hc__specs && !q->spec; i++)
		if (strcmp(hc__specs[i].name, op) == 0)
			q->spec = &hc__specs[i];
	q->operation = hc__offered(q->machine, op);
	if (!q->spec) {
		hc_unsupported(q, "there is no operation %s here", op);
	} else if (!q->operation) {
		hc_unsupported(q, "%s does not offer %s", q->machine->name, op);
	} else if (!hc__check_members(q)) {
		return;
	} else if (q->spec->makes) {
		hc__make(q);
	} else {
		bool fire = strcmp(op, "fire") == 0;
		long long times = fire && !hc__lists(q->operation->takes, "times") ? hc_number(q, "times", 1) : 1;
		while (times-- > 0 && strcmp(q->kind, "ok") == 0) {
			q->outcome = fire ? "completed" : NULL;
			q->error = 0;
			if (q->operation->perform)
				q->operation->perform(q);
		}
		size_t length = strlen(op);
		bool closes = length > 6 && strcmp(op + length - 6, "_close") == 0;
		if ((closes || strcmp(op, "cgroup_remove") == 0) && strcmp(q->kind, "ok") == 0)
			hc__close(q, q->spec->required, hc_text(q, q->spec->required));
		if (strcmp(op, "prog_query") == 0) {
			hc__addf(&q->members, ",\"programs\":[");
			hc__add(&q->members, q->programs.bytes ? q->programs.bytes : "", q->programs.length);
			hc__addf(&q->members, "]");
		}
	}
}

/* The answer to a line, into `text`. */
static void hc__answer(hc *q, char *line, size_t length, struct hc__text *text)
{
	struct hc__reader reader = {line, line + length, &q->chunks};
	q->kind = "ok";
	q->outcome = q->log = NULL;
	q->error = 0;
	q->message[0] = 0;
	q->made = NULL;
	q->spec = NULL;
	q->members.length = q->programs.length = 0;
	q->request = hc__read(&reader, 0);
	hc__blanks(&reader);
	if (reader.at != reader.end)
		q->request = NULL;
	const struct hc__json *seq = hc__member(q->request, "seq");
	if (!q->request)
		hc_broken(q, "no JSON");
	else if (q->request->kind != HC_OBJECT)
		hc_broken(q, "a request is an object");
	else if (!seq || seq->kind != HC_INTEGER)
		hc_broken(q, "\"seq\" is missing");
	else
		hc__perform(q);

	text->length = 0;
	if (seq && seq->kind == HC_INTEGER)
		hc__addf(text, "{\"seq\":%lld,\"kind\":\"%s\"", seq->number, q->kind);
	else
		hc__addf(text, "{\"seq\":null,\"kind\":\"%s\"", q->kind);
	bool ok = strcmp(q->kind, "ok") == 0;
	if (q->error) {
		const struct hc__pair *known = hc__errors;
		while (known->name && known->number != q->error)
			known++;
		if (known->name)
			hc__addf(text, ",\"errno\":\"%s\"", known->name);
		else
			hc__addf(text, ",\"errno\":%d", q->error);
	}
	if (q->log || q->message[0]) {
		hc__addf(text, ",\"message\":");
		hc__quote(text, q->log ? q->log : q->message);
	}
	if (ok && q->outcome)
		hc__addf(text, ",\"outcome\":\"%s\"", q->outcome);
	if (ok && q->members.length > 0)
		hc__add(text, q->members.bytes, q->members.length);
	hc__addf(text, "}\n");
	hc__release(&q->chunks);
}

static bool hc__write(int file, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(file, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

/* Answers what stands in `lines` and what comes, until it ends. */
static int hc__converse(hc *request, int answers, struct hc__text *lines, struct hc__text *answer)
{
	size_t start = 0, searched = 0;
	for (;;) {
		char *end;
		while (lines->length > searched && (end = memchr(lines->bytes + searched, '\n', lines->length - searched))) {
			char *line = lines->bytes + start;
			size_t length = (size_t)(end - line);
			start = searched = (size_t)(end - lines->bytes) + 1;
			if (strspn(line, " \t\r") >= length)
				continue;
			hc__answer(request, line, length, answer);
			if (!hc__write(answers, answer->bytes, answer->length))
				return 1;
		}
		if (start > 0) {
			memmove(lines->bytes, lines->bytes + start, lines->length - start);
			lines->length -= start;
			start = 0;
		}
		searched = lines->length;
		if (lines->length > HC_LONGEST_LINE) {
			fprintf(stderr, "a request is longer than %d bytes\n", HC_LONGEST_LINE);
			return 1;
		}
		char some[65536];
		ssize_t count = read(STDIN_FILENO, some, sizeof some);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count == 0 ? 0 : 1;
		hc__add(lines, some, (size_t)count);
	}
}

HC_API int hc_serve(const struct hc_machine *machine)
{
	hc request = {.machine = machine};
	struct hc__text lines = {0}, answer = {0};
	fflush(stdout);
	int answers = dup(STDOUT_FILENO);
	if (answers < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return 1;
	/* What the machine prints is of use when it is printed. */
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	int code = hc__converse(&request, answers, &lines, &answer);
	/* Whoever looks for leaks of the machine shall find no others. */
	hc__forget(&request);
	hc__release(&request.chunks);
	free(request.chunks);
	free(request.names);
	free(request.members.bytes);
	free(request.programs.bytes);
	free(lines.bytes);
	free(answer.bytes);
	return code;
}

#endif
