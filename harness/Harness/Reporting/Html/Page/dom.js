// What machines have said reaches the page only as text, with control characters and marks that turn the direction of text made visible.
function visible(string) {
  return String(string).replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    c => {
      const code = c.charCodeAt(0);
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "\u2421" : "\ufffd";
    },
  );
}

// An element: attributes, then what is in it, texts or elements.
function h(name, attributes, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "onclick") element.addEventListener("click", value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  for (const part of content.flat(Infinity)) {
    if (part === null || part === undefined || part === false) continue;
    element.append(part instanceof Node ? part : visible(part));
  }
  return element;
}

const code = (...content) => h("code", null, ...content);
const pre = lines => h("pre", { tabindex: 0 }, code(lines.join("\n")));

// Long ids may break behind their dots, hyphens and the sign before the axes.
const breakable = id => id.split(/(?<=[.\-@_])/).flatMap((part, index) => (index ? [document.createElement("wbr"), part] : [part]));

const pill = letter => h("span", { class: `pill ${outcomes[letter].kind}` }, outcomes[letter].mark, " ", outcomes[letter].name);
const mark = letter => h(
  "span",
  { class: `mark ${outcomes[letter].kind}`, title: outcomes[letter].name },
  h("span", { "aria-hidden": "true" }, outcomes[letter].mark),
  h("span", { class: "unseen" }, outcomes[letter].name),
);

const scroll = (label, table) => h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, table);

function badge(content, kind = "", title) {
  return h("span", { class: `badge ${kind}`, title }, content);
}

function copyable(command) {
  const shown = code(command);
  const button = h("button", { type: "button", class: "copy", onclick: async () => {
    try {
      await navigator.clipboard.writeText(command);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(shown);
      button.textContent = "Selected";
    }
    setTimeout(() => (button.textContent = "Copy"), 1500);
  } }, "Copy");
  return h("div", { class: "command" }, h("pre", { tabindex: 0 }, shown), button);
}
