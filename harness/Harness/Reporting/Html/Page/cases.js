const shownAtOnce = 200;

function caseRow(one) {
  return h(
    "tr",
    null,
    h("th", { scope: "row" }, h("a", { href: addressOf("case", one.id) }, breakable(one.id))),
    one.outcomes.map((letter, run) => h("td", { class: "outcome" }, runs.length > 1 ? mark(letter) : pill(letter))),
  );
}

// Long lists come in parts: thousands of rows at once take seconds.
function caseTable(list) {
  const body = h("tbody");
  const more = h("button", { type: "button", class: "more", onclick: () => show(shownAtOnce * 5) });
  let next = 0;
  function show(number) {
    body.append(...list.slice(next, next + number).map(caseRow));
    next = Math.min(list.length, next + number);
    more.hidden = next === list.length;
    more.textContent = `Show more: ${(list.length - next).toLocaleString("en")} are left`;
  }
  show(shownAtOnce);
  const head = h("thead", null, h(
    "tr",
    null,
    h("th", { scope: "col" }, "Case"),
    runs.length > 1 ? runs.map(run => h("th", { scope: "col" }, run.label)) : h("th", { scope: "col" }, "Outcome"),
  ));
  return [scroll("Cases", h("table", { class: "cases" }, head, body)), more];
}

// Cases that say the same are one fact: failures of a list by what was expected and what came.
function casesView(found, filter) {
  return [
    h("div", { class: "title" }, h("h1", null, isFiltering(filter) ? count(found.length, "case") : `All ${count(found.length, "case")}`)),
    found.length ? caseTable(found) : h("p", { class: "nothing" }, "No case is like this."),
  ];
}

function ruleView(rule, found, filter) {
  const set = new Set(found);
  const list = rule.cases.filter(one => set.has(one));
  // The worst first.
  const badness = one => (one.outcomes.some((_, run) => isBad(outcomeFor(rule, one, run) === "undecided" ? "." : one.outcomes[run])) ? 0 : 1);
  const ordered = [...list].sort((a, b) => badness(a) - badness(b) || a.index - b.index);
  return [
    h("p", { class: "back" }, h("a", { href: addressOf("overview", "", filter) }, "All rules")),
    h("div", { class: "title" },
      h("h1", { class: "id" }, breakable(rule.id)),
      h("p", { class: "badges" }, rule.level && badge(rule.level, rule.level), rule.since && badge(`since ${rule.since}`), badge(data.areas[rule.area])),
      h("p", { class: "sentence" }, rule.sentence)),
    h("ul", { class: "counts plain" }, runs.map((run, index) => h("li", null, h("b", null, run.label), " ", inWords(tally(rule.cases, index, rule))))),
    h("h2", null, list.length === rule.cases.length ? count(list.length, "case") : `${list.length.toLocaleString("en")} of ${count(rule.cases.length, "case")}`),
    ordered.length ? caseTable(ordered) : h("p", { class: "nothing" }, "No case of this rule is like this."),
  ];
}
