// Counts of a set of cases on one machine, for one rule or for all.
function tally(list, run, rule) {
  const counts = { undecided: 0 };
  for (const letter of Object.keys(outcomes)) counts[letter] = 0;
  for (const one of list) counts[rule ? outcomeFor(rule, one, run) : one.outcomes[run]]++;
  return counts;
}

// The worst of a cell stands first: a failure must not hide behind passes.
function cellOf(counts) {
  const ran = counts.p + counts.f + counts.e + counts.u + counts.x + counts.k + counts.undecided;
  const bad = counts.f + counts.e + counts.u;
  const known = counts.x + counts.k;
  if (bad) return { kind: "bad", mark: counts.f ? "✗" : counts.e ? "!" : "?!", number: `${bad}/${ran}`, outcome: "red" };
  if (counts.undecided) return { kind: "known", mark: "?", number: `${counts.undecided}/${ran}`, outcome: "" };
  if (known) return { kind: "known", mark: counts.x ? "x" : "~", number: `${known}/${ran}`, outcome: counts.x ? "x" : "k" };
  if (counts.p) return { kind: "good", mark: "✓", number: `${counts.p}`, outcome: "" };
  const left = counts.s + counts.n;
  return left ? { kind: "left", mark: "–", number: `${left}`, outcome: "" } : { kind: "none", mark: "·", number: "" };
}

function inWords(counts) {
  const parts = Object.entries(outcomes).filter(([letter]) => letter !== "." && counts[letter]);
  const words = parts.map(([letter, { name }]) => `${counts[letter]} ${name}`);
  if (counts.undecided) words.push(`${counts.undecided} that broke another of their rules first`);
  return words.join(", ") || "no case";
}

function card(run, index, filter) {
  const counts = tally(cases, index);
  const total = cases.length - counts["."];
  const shown = ["p", "x", "k", "u", "e", "f", "s", "n"].filter(letter => counts[letter]);
  const red = counts.f + counts.e + counts.u;
  const stale = run.stale.length;
  const state = red || stale ? "bad" : run.interrupted || counts.p === 0 ? "known" : "good";
  const verdict = red ? `${count(red, "case")} red` : stale ? "stale expectations" : run.interrupted ? "interrupted" : counts.p ? "as expected" : "nothing was run";
  return h(
    "section",
    { class: `card ${state}`, "aria-label": run.label },
    h("h2", null, run.label, h("span", { class: `verdict ${state}` }, verdict)),
    h("p", { class: "facts-line" }, [
      `${run.name} ${run.version}`,
      run.kernel ? `as Linux ${run.kernel}` : "claims core rules only",
      count(run.cpus, "CPU"),
      `suite ${run.suite}`,
      run.shard && `shard ${run.shard}`,
      run.interrupted && `stopped after ${total} of ${run.selected} cases`,
      ...run.options,
    ].filter(Boolean).join(" · ")),
    stale > 0 && h("p", { class: "stale" }, "No case matches these expectations any more: ", run.stale.map((pattern, at) => [at > 0 && ", ", code(pattern)])),
    h("div", { class: "share", "aria-hidden": "true" }, shown.map(letter => {
      const part = h("span", { class: `part ${letter}` });
      part.style.flexGrow = counts[letter];
      return part;
    })),
    h("ul", { class: "counts" }, shown.map(letter => h("li", null, h(
      "a",
      { href: addressOf("cases", "", { ...empty(), outcome: letter, vm: runs.length > 1 ? String(index) : "" }) },
      h("span", { class: `swatch part ${letter}`, "aria-hidden": "true" }),
      h("b", null, counts[letter].toLocaleString("en")), " ", outcomes[letter].name,
    )))),
  );
}

// Columns: the machines, and those of one machine's program types.
function columnsOf(mode) {
  if (mode === "machines")
    return runs.map((run, index) => ({ name: run.label, run: index, type: "" }));
  const run = Number(mode);
  const used = [...types, "other"].filter(type => cases.some(one => typeOf(one) === type));
  return [
    { name: runs.length > 1 ? runs[run].label : "all", run, type: "" },
    ...used.map(type => ({ name: type === "other" ? "no single type" : type.replace(/^cgroup_/, ""), title: type, run, type })),
  ];
}

let columnMode = runs.length > 1 ? "machines" : "0";

function matrixRow(rule, list, columns, filter) {
  return h(
    "tr",
    null,
    h("th", { scope: "row" }, h("a", { href: addressOf("rule", rule.id, filter) , title: rule.sentence }, breakable(rule.id))),
    columns.map(column => {
      const counts = tally(column.type ? list.filter(one => typeOf(one) === column.type) : list, column.run, rule);
      const cell = cellOf(counts);
      if (cell.kind === "none") return h("td", { class: "none" }, cell.mark);
      const narrowed = { ...filter, outcome: cell.outcome || filter.outcome };
      if (column.type) narrowed.type = column.type;
      if (runs.length > 1) narrowed.vm = String(column.run);
      return h(
        "td",
        { class: cell.kind },
        h(
          "a",
          { href: addressOf("rule", rule.id, narrowed), title: inWords(counts), "aria-label": `${rule.id}, ${column.title ?? column.name}: ${inWords(counts)}` },
          h("span", { class: "sign" }, cell.mark), " ", cell.number,
        ),
      );
    }),
  );
}

function matrix(found, filter) {
  const columns = columnsOf(columnMode);
  const set = isFiltering(filter) ? new Set(found) : null;
  const head = h("thead", null, h(
    "tr",
    null,
    h("th", { scope: "col" }, "Rule"),
    columns.map(column => h("th", { scope: "col", title: column.title }, breakable(column.name))),
  ));
  const bodies = Object.entries(data.areas).map(([area, title]) => {
    const rows = rules
      .filter(rule => rule.area === area && (!filter.level || rule.level === filter.level))
      .map(rule => ({ rule, list: set ? rule.cases.filter(one => set.has(one)) : rule.cases }))
      .filter(({ list }) => list.length > 0)
      .map(({ rule, list }) => matrixRow(rule, list, columns, filter));
    return rows.length
      ? h("tbody", { id: `area-${area}` }, h("tr", { class: "area-row" }, h("th", { scope: "rowgroup", colspan: columns.length + 1 }, title)), rows)
      : null;
  });
  return scroll("Machines against rules", h("table", { class: "matrix" }, head, bodies));
}

function legend() {
  const parts = [
    ["good", "✓ 12", "all passed"], ["bad", "✗ 3/12", "failed"], ["bad", "! 3/12", "errored"], ["known", "? 3/12", "broke another of their rules first"],
    ["left", "– 3", "not applicable or skipped"], ["none", "·", "no case"],
  ];
  const all = runs.map(run => run.outcomes).join("");
  if (all.includes("x")) parts.splice(4, 0, ["known", "x 3/12", "failed as expected"]);
  if (all.includes("k")) parts.splice(4, 0, ["known", "~ 3/12", "flaky"]);
  if (all.includes("u")) parts.splice(3, 0, ["bad", "?! 3/12", "passed against expectation"]);
  return h("ul", { class: "legend" }, parts.map(([kind, sign, words]) => h("li", null, h("span", { class: `sample ${kind}` }, sign), " ", words)));
}

function columnChoice() {
  const select = h(
    "select",
    { id: "columns" },
    runs.length > 1 && h("option", { value: "machines" }, "machines"),
    runs.map((run, index) => h("option", { value: index }, runs.length > 1 ? `program types on ${run.label}` : "program types")),
  );
  select.value = columnMode;
  select.addEventListener("change", () => {
    columnMode = select.value;
    render();
  });
  return runs.length > 1 && h("label", { class: "columns" }, "Columns ", select);
}

function overview(found, filter) {
  const several = runs.length > 1;
  const hasRed = runs.some(run => /[feu]/.test(run.outcomes));
  return [
    h("div", { class: "title" },
      h("h1", null, several ? "Conformance, side by side" : `Conformance of ${runs[0].label}`),
      h("p", null, `${count(cases.length, "case")} of ${count(rules.length, "rule")} of bpf_get_local_storage`)),
    h("div", { class: "cards" }, runs.map((run, index) => card(run, index, filter))),
    h("div", { class: "matrix-head" },
      h("h2", { id: "matrix" }, several ? "Machines against rules" : "Rules"),
      h("div", { class: "choices" }, hasRed && filter.outcome !== "red" && h("a", { href: addressOf("overview", "", { ...filter, outcome: "red" }) }, "Only what is red"), columnChoice())),
    legend(),
    found.length
      ? [isFiltering(filter) && h("p", null, h("a", { href: addressOf("cases", "", filter) }, `List the ${count(found.length, "case")}`)), matrix(found, filter)]
      : h("p", { class: "nothing" }, "No case is like this."),
  ];
}
