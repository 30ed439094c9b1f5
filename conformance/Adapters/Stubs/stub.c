/* Answers of every shape, from nothing: what the kit makes of them is what is tested. */
#include "conformance_kit.h"

enum { MOST = 8 };

static struct made {
	uint64_t extra;
} cgroups[MOST], maps[MOST], programs[MOST], link_made;
static int cgroup_count, map_count, program_count, closed;

static void on_cgroup_create(hc *q) { hc_made(q, &cgroups[cgroup_count++]); }

static void on_map_create(hc *q)
{
	maps[map_count].extra = hc_u64(q, "map_extra");
	hc_made(q, &maps[map_count++]);
}

static void on_map_close(hc *q) { closed += hc_object(q, "map") != NULL; }

static void on_map_reopen(hc *q)
{
	maps[map_count] = *(struct made *)hc_object(q, "of");
	hc_made(q, &maps[map_count++]);
}

static void on_map_lookup_elem(hc *q)
{
	struct hc_key key;
	hc_key(q, &key);
	struct made *map = hc_object(q, "map");
	uint8_t value[] = {(uint8_t)key.padding, key.cgroup == &cgroups[cgroup_count - 1], (uint8_t)closed, (uint8_t)(map->extra >> 56)};
	hc_value(q, value, sizeof value);
}

static void on_map_get_next_key(hc *q)
{
	struct hc_key key;
	bool given = hc_key(q, &key);
	if (given && key.bytes && key.size == 1)
		hc_next_key(q, (struct hc_key){.bytes = (const uint8_t *)"\xff", .size = 2});
	else
		hc_next_key(q, (struct hc_key){.cgroup = &cgroups[cgroup_count - 1], .attach_type = given ? 77 : 6, .padding = 5});
}

static void on_prog_load(hc *q)
{
	static char log[64];
	size_t size, count;
	const struct hc_load *loads = hc_maps(q, &count);
	hc_bytes(q, "instructions", &size);
	if (size == 0) {
		hc_refuse(q, EACCES, "a \"log\"\nof two lines");
		return;
	}
	snprintf(log, sizeof log, "%d maps at %d", (int)count, loads[0].instruction);
	hc_log(q, log);
	hc_made(q, &programs[program_count++]);
}

static void on_prog_query(hc *q)
{
	for (int i = 0; i < program_count; i++)
		hc_program(q, &programs[i]);
	hc_attach_flags(q, 2);
}

static void on_prog_test_run(hc *q) { hc_return_value(q, UINT32_MAX); }
static void on_prog_attach(hc *q) { hc_fail(q, hc_object(q, "relative") == &link_made ? 4095 : EBUSY); }
static void on_link_create(hc *q) { hc_made(q, &link_made); }
static void on_map_freeze(hc *q) { hc_broken(q, "a %s", "bug"); }

static void on_fire(hc *q)
{
	long long times = hc_number(q, "times", 1);
	if (times == 2)
		hc_exhaust(q, "too long");
	else if (times == 3)
		hc_denied(q, 999);
	else
		hc_dropped(q);
}

static void reset(void) { cgroup_count = map_count = program_count = closed = 0; }

int main(void)
{
	static const struct hc_operation operations[] = {
		{"cgroup_create", on_cgroup_create, "parent"},     {"cgroup_remove", NULL, ""},
		{"map_create", on_map_create, "map_extra inner_map"}, {"map_close", on_map_close, ""},
		{"map_reopen", on_map_reopen, ""},                 {"map_lookup_elem", on_map_lookup_elem, ""},
		{"map_get_next_key", on_map_get_next_key, "key"},  {"prog_load", on_prog_load, "maps"},
		{"prog_close", NULL, ""},                          {"prog_query", on_prog_query, "effective"},
		{"prog_test_run", on_prog_test_run, ""},           {"prog_attach", on_prog_attach, "flags relative"},
		{"link_create", on_link_create, ""},               {"fire", on_fire, "times"},
		{"map_freeze", on_map_freeze, ""},                 {NULL, NULL, NULL},
	};
	return hc_serve(&(struct hc_machine){"stub", "1", 2, "6.18.44", reset, operations});
}
