// The filter is part of the page's address: what one sees can be sent to somebody else.
const fields = { q: "query", outcome: "outcome", vm: "machine", type: "type", level: "level" };
const inputs = Object.fromEntries(Object.entries(fields).map(([key, id]) => [key, document.getElementById(id)]));
const empty = () => Object.fromEntries(Object.keys(fields).map(key => [key, ""]));

function addressOf(view, id, filter) {
  const set = Object.entries(filter ?? {}).filter(([, value]) => value !== "");
  const path = view === "overview" ? "" : id ? `${view}/${encodeURIComponent(id).replaceAll("%40", "@")}` : view;
  return "#" + path + (set.length ? "?" + new URLSearchParams(set) : "");
}

function stateOf(hash) {
  const [path, search = ""] = hash.replace(/^#/, "").split("?");
  const [view, ...rest] = path.split("/");
  let id = rest.join("/");
  try {
    id = decodeURIComponent(id);
  } catch {
    // An address that somebody cut off leads nowhere, and says so.
  }
  const parameters = new URLSearchParams(search);
  const filter = empty();
  for (const key of Object.keys(filter)) filter[key] = parameters.get(key) ?? "";
  return { view: view || "overview", id, filter };
}

const haystacks = cases.map(one =>
  [
    one.id, one.vector.title, one.vector.catches, one.type, one.attach,
    ...one.vector.rules.flatMap(rule => [rule.id, rule.sentence]),
    ...runs.flatMap((_, run) => {
      const detail = detailOf(one, run);
      return [detail.message, detail.actual, detail.aftermath, ...(detail.listed ?? [])].map(text);
    }),
  ].join("\n").toLowerCase(),
);

const outcomeTests = {
  red: letters => letters.some(isBad),
  differ: letters => letters.some(letter => letter !== letters[0]),
};

function matching(filter) {
  const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
  const run = filter.vm === "" ? -1 : Number(filter.vm);
  const test = outcomeTests[filter.outcome] ?? (letters => letters.includes(filter.outcome));
  return cases.filter(one => {
    if (filter.type && typeOf(one) !== filter.type) return false;
    if (filter.level && !one.vector.rules.some(rule => rule.level === filter.level)) return false;
    if (filter.outcome) {
      const letters = run >= 0 && filter.outcome !== "differ" ? [one.outcomes[run]] : one.outcomes;
      if (!test(letters)) return false;
    } else if (run >= 0 && one.outcomes[run] === ".") return false;
    return words.every(word => haystacks[one.index].includes(word));
  });
}

const isFiltering = filter => Object.values(filter).some(value => value !== "");

function fillInputs() {
  const all = runs.map(run => run.outcomes).join("");
  const choice = (value, name) => h("option", { value }, name);
  inputs.outcome.append(choice("", "any outcome"));
  if (/[feu]/.test(all)) inputs.outcome.append(choice("red", "red: failed, errored, unexpected"));
  if (runs.length > 1) inputs.outcome.append(choice("differ", "machines differ"));
  for (const [letter, { name }] of Object.entries(outcomes))
    if (all.includes(letter)) inputs.outcome.append(choice(letter, name));
  inputs.vm.append(choice("", "any machine"), ...runs.map((run, index) => choice(index, run.label)));
  document.getElementById("machine-row").hidden = runs.length === 1;
  inputs.type.append(choice("", "all program types"));
  for (const type of [...types, "other"])
    if (cases.some(one => typeOf(one) === type)) inputs.type.append(choice(type, type === "other" ? "no single type" : type));
}
