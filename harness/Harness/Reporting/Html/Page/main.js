const main = document.getElementById("main");
const menu = document.getElementById("menu");
const contents = document.getElementById("contents");
const found = document.getElementById("found");
const clear = document.getElementById("clear");

let state = stateOf(location.hash);

function content(list) {
  const { view, id, filter } = state;
  if (view === "overview" || view.startsWith("area-")) return overview(list, filter);
  if (view === "cases") return casesView(list, filter);
  if (view === "rule" && ruleById.has(id)) return ruleView(ruleById.get(id), list, filter);
  if (view === "case" && caseById.has(id)) return caseView(caseById.get(id));
  return [
    h("div", { class: "title" }, h("h1", null, "There is no such thing here")),
    h("p", null, `${id || view} is no case and no rule of this report. `, h("a", { href: "#" }, "To the overview")),
  ];
}

function render() {
  const { view, id, filter } = state;
  for (const [key, input] of Object.entries(inputs)) if (input.value !== filter[key]) input.value = filter[key];
  const list = matching(filter);
  found.textContent = isFiltering(filter)
    ? `${list.length.toLocaleString("en")} of ${count(cases.length, "case")}`
    : count(cases.length, "case");
  clear.hidden = !isFiltering(filter);
  main.replaceChildren(...content(list).flat(Infinity).filter(Boolean));
  for (const link of contents.querySelectorAll("[data-view]")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    link.href = addressOf(link.dataset.view, "", filter);
  }
  const subject = id || (view === "cases" ? "Cases" : "");
  document.title = visible((subject ? `${subject} · ` : "") + title);
}

function go() {
  state = stateOf(location.hash);
  render();
  showMenu(false);
  const area = state.view.startsWith("area-") && document.getElementById(state.view);
  if (area) area.scrollIntoView({ behavior: "instant" });
  else scrollTo({ top: 0, behavior: "instant" });
}

// Filtering of a case means to look for others.
function filterBy(changes) {
  const filter = { ...state.filter, ...changes };
  const view = state.view === "case" || state.view.startsWith("area-") ? (state.view === "case" ? "cases" : "overview") : state.view;
  state = { view, id: view === "rule" ? state.id : "", filter };
  history.replaceState(null, "", addressOf(state.view, state.id, filter));
  render();
}

function showMenu(open) {
  contents.classList.toggle("open", open);
  menu.setAttribute("aria-expanded", String(open));
}

function fillAreas() {
  const list = document.getElementById("areas");
  for (const [area, name] of Object.entries(data.areas)) {
    const own = rules.filter(rule => rule.area === area);
    const red = own.filter(rule => rule.cases.some(one => runs.some((_, run) => {
      const letter = outcomeFor(rule, one, run);
      return letter !== "undecided" && isBad(letter);
    }))).length;
    list.append(h("li", null, h("a", { href: `#area-${area}` }, name),
      h("span", { class: red ? "count red" : "count", title: red ? `${red} of ${count(own.length, "rule")} red` : count(own.length, "rule") }, red ? `✗ ${red}/${own.length}` : own.length)));
  }
}

const title = document.title;
fillInputs();
fillAreas();
for (const [key, input] of Object.entries(inputs))
  input.addEventListener(key === "q" ? "input" : "change", () => filterBy({ [key]: input.value }));
clear.addEventListener("click", () => filterBy(empty()));
document.getElementById("search").addEventListener("submit", event => {
  event.preventDefault();
  showMenu(false);
  main.querySelector("tbody a")?.focus();
});
document.getElementById("skip").addEventListener("click", event => {
  event.preventDefault();
  main.focus();
});
menu.addEventListener("click", () => showMenu(menu.getAttribute("aria-expanded") !== "true"));
document.addEventListener("click", event => {
  const link = event.target.closest('a[href^="#"]');
  // A link to where the page already is changes no address, and must lead there all the same.
  if (link && link.id !== "skip" && (link.hash || "#") === (location.hash || "#")) go();
});
document.addEventListener("keydown", event => {
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    showMenu(true);
    inputs.q.focus();
    inputs.q.select();
  } else if (event.key === "Escape" && document.activeElement === inputs.q) {
    filterBy({ q: "" });
    inputs.q.blur();
    showMenu(false);
  }
});
addEventListener("hashchange", go);
go();
