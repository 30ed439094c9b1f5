const states = { h: "held", v: "violated", b: "broken", n: "not reached" };

function fact(term, ...content) {
  return h("div", null, h("dt", null, term), h("dd", null, ...content));
}

// Steps of a case; with what a machine answered where it recorded that.
function stepTable(steps, detail) {
  const observed = detail?.answers !== undefined;
  return scroll("Steps", h(
    "table",
    { class: "steps-table" },
    h("thead", null, h("tr", null, h("th", { scope: "col" }, ""), h("th", { scope: "col" }, "Step"), h("th", { scope: "col" }, "Expected"), observed && h("th", { scope: "col" }, "Observed"))),
    h("tbody", null, steps.map((row, index) => {
      const state = observed ? detail.states[index] : "";
      const expected = row.slice(4).map(text);
      return h(
        "tr",
        { class: state && `state-${state}` },
        h("td", { class: "number", "data-name": "" }, row[0] < 0 ? "–" : row[0]),
        h("td", { "data-name": "Step" }, row[1] >= 0 && h("span", { class: "note" }, text(row[1]), ": "), code(text(row[2])), row[3] >= 0 && h("div", { class: "note" }, text(row[3]))),
        h("td", { "data-name": expected.length || row[0] >= 0 ? "Expected" : "" }, expected.length ? expected.map((line, at) => [at > 0 && h("br"), code(line)]) : h("span", { class: "note" }, row[0] < 0 ? "" : "success")),
        observed && h("td", { "data-name": "Observed" }, state === "n" ? h("span", { class: "note" }, "not reached") : [code(text(detail.answers[index])), state !== "h" && h("span", { class: "unseen" }, ` (${states[state]})`)]),
      );
    })),
  ));
}

function programList(block) {
  return block.map(row => h(
    "details",
    { class: "example", open: row.length < 40 },
    h("summary", null, code(text(row[0])), row[1] >= 0 && text(row[1]) && [" (", text(row[1]), ")"]),
    pre(row.slice(2).map(text)),
  ));
}

function failure(detail) {
  const rule = rules[detail.rule];
  return [
    h("p", { class: "broken" }, "Breaks ", h("a", { href: addressOf("rule", rule.id) }, code(rule.id)), `: ${rule.sentence}`),
    h("p", { class: "at" }, detail.step === undefined ? "Before the first step: " : `In step ${detail.step}: `, code(text(detail.operation))),
    h("div", { class: "versus" },
      h("div", { class: "expected" }, h("h3", null, "Expected"), h("p", null, code(text(detail.expected)))),
      h("div", { class: "actual" }, h("h3", null, "Actual"), h("p", null, code(text(detail.actual))))),
  ];
}

function listed(detail) {
  const [observed, pattern, reason, link, owner] = detail.listed.map(text);
  return h("dl", { class: "facts listed" },
    fact("Listed as", code(pattern)),
    fact("Observed", observed),
    fact("Reason", reason),
    link && fact("Link", /^https?:\/\//.test(link) ? h("a", { href: link, rel: "noreferrer noopener" }, link) : link),
    owner && fact("Owner", owner));
}

function onMachine(one, run) {
  const letter = one.outcomes[run];
  const detail = detailOf(one, run);
  const steps = data.steps[detail.steps];
  const command = detail.reproduce !== undefined ? text(detail.reproduce) : runs[run].command && `${runs[run].command} --filter '${one.id}'`;
  return h(
    "section",
    { class: `on ${outcomes[letter].kind}`, "aria-label": `On ${runs[run].label}` },
    h("h2", null, runs.length > 1 && [runs[run].label, " "], pill(letter)),
    detail.rule !== undefined && failure(detail),
    detail.message !== undefined && h("p", { class: "message" }, text(detail.message)),
    detail.listed && listed(detail),
    detail.aftermath !== undefined && [h("h3", null, "Afterwards"), h("p", { class: "message" }, text(detail.aftermath))],
    command && !["p", "."].includes(letter) && [h("h3", null, "Reproduce"), copyable(command)],
    detail.log && [h("h3", null, "Log"), pre(detail.log.map(text))],
    detail.stderr && [h("h3", null, "Standard error of the machine"), pre(detail.stderr.map(text))],
    steps && [h("h3", null, "Steps"), stepTable(steps, detail)],
  );
}

function neighbours(one, filter) {
  const red = cases.filter(other => other.outcomes.some(isBad));
  const at = red.indexOf(one);
  if (at < 0 || red.length < 2) return null;
  const link = (other, words) => other && h("a", { href: addressOf("case", other.id) }, words);
  return h("p", { class: "neighbours" },
    link(red[at - 1], "Previous red case"), h("span", { class: "note" }, `red case ${at + 1} of ${red.length}`), link(red[at + 1], "Next red case"));
}

// Of a machine that simply passed, or was not asked, there is no more to say.
function isQuiet(one, run) {
  return "p.".includes(one.outcomes[run]) && runs[run].details[one.index] === undefined;
}

function caseView(one) {
  const { vector } = one;
  const order = runs.map((_, run) => run).sort((a, b) => isBad(one.outcomes[b]) - isBad(one.outcomes[a]) || a - b);
  const quiet = order.filter(run => isQuiet(one, run));
  const recorded = runs.some((_, run) => detailOf(one, run).steps !== undefined);
  const programs = one.programs ?? runs.map((_, run) => data.programs[detailOf(one, run).programs]).find(Boolean);
  return [
    h("p", { class: "back" }, h("a", { href: addressOf("rule", vector.rules[0].id) }, vector.rules[0].id), neighbours(one)),
    h("div", { class: "title" },
      h("h1", null, vector.title || one.id),
      h("p", { class: "id" }, breakable(one.id)),
      h("p", { class: "badges" }, one.type && badge(one.type), one.attach && one.attach !== one.type && badge(one.attach))),
    h("dl", { class: "facts" },
      vector.catches && fact("Catches", vector.catches),
      fact(vector.rules.length > 1 ? "Rules" : "Rule", vector.rules.map(rule =>
        h("p", null, h("a", { href: addressOf("rule", rule.id) }, code(rule.id)), " ", rule.level && badge(rule.level, rule.level), h("span", { class: "note" }, rule.sentence)))),
      fact("Explain", code(`helper-conformance explain '${one.id}'`))),
    order.filter(run => !isQuiet(one, run)).map(run => onMachine(one, run)),
    quiet.length > 0 && h("ul", { class: "quiet" }, quiet.map(run => h("li", null, runs.length > 1 && [h("b", null, runs[run].label), " "], pill(one.outcomes[run])))),
    !recorded && one.steps && [h("h2", null, "Steps"), stepTable(one.steps)],
    programs && [h("h2", null, programs.length === 1 ? "Program" : "Programs"), programList(programs)],
  ];
}
