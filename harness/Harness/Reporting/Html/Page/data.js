// The data of the page, unfolded: texts stand once in `lines`, everything else refers to them by place.
const data = JSON.parse(document.getElementById("data").textContent);
const text = place => (place === undefined || place < 0 ? "" : data.lines[place]);

const outcomes = {
  p: { name: "passed", mark: "✓", kind: "good" },
  f: { name: "failed", mark: "✗", kind: "bad" },
  e: { name: "errored", mark: "!", kind: "bad" },
  u: { name: "unexpected pass", mark: "?!", kind: "bad" },
  x: { name: "expected failure", mark: "x", kind: "known" },
  k: { name: "flaky", mark: "~", kind: "known" },
  s: { name: "skipped", mark: "s", kind: "left" },
  n: { name: "not applicable", mark: "–", kind: "left" },
  ".": { name: "not run", mark: "", kind: "left" },
};
const isBad = letter => outcomes[letter].kind === "bad";

const rules = data.rules.map((row, index) => ({
  index,
  id: text(row[0]),
  level: text(row[1]),
  since: text(row[2]),
  sentence: text(row[3]),
  area: text(row[0]).split(".")[0],
  cases: [],
}));
const vectors = data.vectors.map(row => ({
  id: text(row[0]),
  title: text(row[1]),
  catches: text(row[2]),
  rules: row.slice(3).map(rule => rules[rule]),
}));
const runs = data.runs;
const cases = data.cases.map((row, index) => {
  const vector = vectors[row[0]];
  const rest = text(row[1]);
  const one = {
    index,
    vector,
    id: rest.startsWith("\0") ? rest.slice(1) : vector.id + rest,
    type: text(row[2]),
    attach: text(row[3]),
    steps: data.steps[row[4]],
    programs: data.programs[row[5]],
    outcomes: runs.map(run => run.outcomes[index]),
  };
  for (const rule of vector.rules) rule.cases.push(one);
  return one;
});
const caseById = new Map(cases.map(one => [one.id, one]));
const ruleById = new Map(rules.map(one => [one.id, one]));
const detailOf = (one, run) => runs[run].details[one.index] ?? {};

// A case counts for a rule as bad only where that rule is the one it broke; broken by another one it shows nothing of this one.
function outcomeFor(rule, one, run) {
  const letter = one.outcomes[run];
  if (letter !== "f" && letter !== "x") return letter;
  const broken = detailOf(one, run).rule;
  return broken === undefined || broken === rule.index ? letter : "undecided";
}

const types = [
  "cgroup_skb", "cgroup_sock", "sock_ops", "cgroup_device", "cgroup_sock_addr", "cgroup_sysctl", "cgroup_sockopt",
];
const typeOf = one => (types.includes(one.type) ? one.type : "other");
const count = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
