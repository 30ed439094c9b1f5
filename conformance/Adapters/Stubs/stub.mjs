// Answers of every shape, from nothing: what the kit makes of them is what is tested.
import * as kit from './conformance_kit.mjs';

class Stub {
  name = 'stub';
  version = '1';
  cpus = 2;
  kernel = '6.18.44';
  takes = {
    cgroup_create: ['parent'], map_create: ['inner_map', 'map_extra'], map_get_next_key: ['key'], prog_load: ['maps'],
    prog_query: ['effective'], prog_attach: ['flags', 'relative'], fire: ['times'],
  };

  reset() {
    Object.assign(this, { programs: [], closed: 0 });
  }

  cgroup_create() {
    return (this.cgroup = {});
  }

  cgroup_remove() {}

  async map_create({ type, inner_map, map_extra = 0n }) {
    return { type, inner_map, map_extra };
  }

  map_close() {
    this.closed++;
  }

  map_reopen({ of }) {
    return { ...of };
  }

  async map_lookup_elem({ map, key }) {
    return Uint8Array.of(key.padding, key.cgroup === this.cgroup, this.closed, Number(map.map_extra >> 56n));
  }

  map_get_next_key({ key }) {
    if (key?.length === 1) return Uint8Array.of(255, 0);
    return new kit.StorageKey(this.cgroup, key ? 77 : 6, 5);
  }

  prog_load({ instructions, maps }) {
    if (instructions.length === 0) throw new kit.Refused('EACCES', 'a "log"\nof two lines');
    this.programs.push({});
    return new kit.Loaded(this.programs.at(-1), `${maps.size} maps at ${[...maps.keys()][0]}`);
  }

  prog_close() {}

  prog_query() {
    return { programs: this.programs, attach_flags: 2 };
  }

  prog_test_run() {
    return -1;
  }

  prog_attach({ relative }) {
    throw new kit.Failed(relative === 'a link' ? 4095 : 'EBUSY');
  }

  link_create() {
    return 'a link';
  }

  fire({ times = 1 }) {
    if (times === 2) throw new kit.Exhausted('too long');
    return times === 3 ? new kit.Denied(999) : 'dropped';
  }

  map_freeze() {
    throw new TypeError('a bug');
  }
}

kit.serve(new Stub());
