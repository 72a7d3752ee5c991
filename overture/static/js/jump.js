// ⌘K: a list of the navigation's own links, narrowed while one types.
const palette = document.querySelector("[data-jump-palette]");
const openers = document.querySelectorAll("[data-jump]");

if (palette) {
  const field = palette.querySelector("input");
  const list = palette.querySelector("ul");
  const none = palette.querySelector(".none");
  let at = 0;

  openers.forEach((opener) => { opener.hidden = false; opener.addEventListener("click", open); });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    open();
  });
  field.addEventListener("input", fill);
  field.addEventListener("keydown", (event) => {
    const all = list.querySelectorAll("a");
    if (event.key === "Enter") { event.preventDefault(); all[at]?.click(); }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    point(event.key === "ArrowDown" ? at + 1 : at - 1);
  });

  function open() {
    field.value = "";
    fill();
    if (!palette.open) palette.showModal();
    field.focus();
  }

  function fill() {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const links = [...document.querySelectorAll(".nav li a[href], .nav .menu a[href]")].filter(unique);
    const found = links.filter((link) => words.every((word) => plain(link.textContent + group(link)).includes(word)));
    list.replaceChildren(...found.map(entry));
    none.hidden = found.length > 0;
    point(0);
  }

  function point(next) {
    const all = [...list.querySelectorAll("a")];
    if (!all.length) { field.removeAttribute("aria-activedescendant"); return; }
    at = (next + all.length) % all.length;
    all.forEach((link, index) => link.setAttribute("aria-selected", String(index === at)));
    all[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[at].id);
  }
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const group = (link) => link.closest("section")?.querySelector("h2")?.textContent ?? "";
const unique = (link, index, all) => all.findIndex((other) => other.href === link.href) === index;

function entry(link, index) {
  const item = document.createElement("li");
  const made = document.createElement("a");
  item.setAttribute("role", "presentation");
  made.id = `jump-${index}`;
  made.href = link.href;
  made.setAttribute("role", "option");
  made.tabIndex = -1;
  const icon = link.querySelector("svg")?.cloneNode(true) ?? link.closest("ul")?.previousElementSibling?.querySelector("svg")?.cloneNode(true);
  const name = [...link.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent).join("").trim();
  const where = document.createElement("small");
  where.textContent = group(link);
  made.append(...(icon ? [icon] : []), name, where);
  item.append(made);
  return item;
}
