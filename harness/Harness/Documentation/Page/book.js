"use strict";
(() => {
  const query = document.getElementById("query");
  const level = document.getElementById("level");
  const found = document.getElementById("found");
  const nothing = document.getElementById("nothing");
  const menu = document.getElementById("menu");
  const contents = document.getElementById("contents");
  const sections = [...document.querySelectorAll("main > section")];
  const areas = [...document.querySelectorAll(".area")];
  const rules = [...document.querySelectorAll(".rule")].map(element => ({
    element,
    text: element.textContent.toLowerCase(),
  }));

  // A rule is found where every word occurs somewhere in it, its programs and messages included.
  function filter() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const searching = words.length > 0 || level.value !== "";
    let count = 0;
    for (const rule of rules) {
      const hit =
        words.every(word => rule.text.includes(word)) && (!level.value || rule.element.dataset.level === level.value);
      rule.element.hidden = !hit;
      count += hit ? 1 : 0;
    }
    for (const area of areas) area.hidden = searching && !area.querySelector(".rule:not([hidden])");
    for (const section of sections) section.hidden = searching && section.id !== "rules";
    document.body.classList.toggle("searching", searching);
    nothing.hidden = !searching || count > 0;
    found.textContent = searching ? `${count} of ${rules.length} rules` : `${rules.length} rules`;
  }

  function stopSearching() {
    if (query.value === "" && level.value === "") return;
    query.value = "";
    level.value = "";
    filter();
  }

  function showMenu(open) {
    contents.classList.toggle("open", open);
    menu.setAttribute("aria-expanded", String(open));
  }

  // What a link leads to must not be hidden by a search, and a rule that is linked to shows its example.
  function follow() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]") || document.body.classList.contains("searching")) stopSearching();
    if (target.matches(".rule")) {
      const example = target.querySelector("details");
      if (example) example.open = true;
    }
    target.scrollIntoView({ behavior: "instant" });
  }

  function firstHit() {
    const hit = rules.find(rule => !rule.element.hidden);
    if (!hit) return;
    showMenu(false);
    hit.element.scrollIntoView({ behavior: "instant" });
    hit.element.querySelector(".anchor").focus({ preventScroll: true });
  }

  query.addEventListener("input", () => {
    filter();
    scrollTo({ top: 0, behavior: "instant" });
  });
  level.addEventListener("change", filter);
  document.getElementById("search").addEventListener("submit", event => {
    event.preventDefault();
    firstHit();
  });
  menu.addEventListener("click", () => showMenu(menu.getAttribute("aria-expanded") !== "true"));
  contents.addEventListener("click", event => {
    if (event.target.closest("a")) showMenu(false);
  });
  document.addEventListener("click", event => {
    const link = event.target.closest('a[href^="#"]');
    // A link to where the page already is changes no address, and must lead there all the same.
    if (link && link.hash === location.hash) follow();
  });
  document.addEventListener("keydown", event => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      showMenu(true);
      query.focus();
      query.select();
    } else if (event.key === "Escape") {
      stopSearching();
      showMenu(false);
      if (document.activeElement === query) query.blur();
    }
  });
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });

  // The chapter or area that is being read stands out in the contents.
  const links = new Map([...contents.querySelectorAll("li a")].map(link => [link.hash.slice(1), link]));
  const reading = new IntersectionObserver(
    entries => {
      for (const entry of entries) {
        const link = links.get(entry.target.id);
        if (entry.isIntersecting) link?.setAttribute("aria-current", "true");
        else link?.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-20% 0px -75% 0px" },
  );
  for (const element of [...sections, ...areas]) reading.observe(element);

  filter();
  follow();
})();
