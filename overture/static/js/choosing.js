// Saves which rows or tiles are chosen, one request after the other, and keeps the addresses of the page in step.
export const list = () => document.getElementById("list");
const BOXES = ".check input[name=chosen]";
const boxes = () => [...(list()?.querySelectorAll(BOXES) ?? [])];
const idOf = (box) => box.value;
let queue = Promise.resolve();
let unsaved = 0;
let inRange = new Set();

document.addEventListener("range", (event) => {
  event.preventDefault();
  inRange = new Set(event.detail.boxes);
  setTimeout(() => { inRange = new Set(); });
  save(event.detail.boxes, event.detail.checked);
});

document.addEventListener("change", ({ target }) => {
  if (target.id === "choose-page") choosePage(target.checked);
  else if (target.matches?.(`#list ${BOXES}`) && !inRange.has(target)) save([target], target.checked);
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-choose-page]")) choosePage(true);
});

// Who leaves the page before a choice is saved waits for it: the address learns of the selection only then.
for (const [name, again] of [["click", follows], ["submit", sends]]) {
  document.addEventListener(name, (event) => {
    const repeat = unsaved && again(event);
    if (!repeat) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    queue.then(repeat);
  }, true);
}

function follows(event) {
  const link = event.target.closest?.(".page a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  return () => link.isConnected && link.click();
}

function sends({ target: form, submitter }) {
  if (form.id === "choose") return null;
  return () => form.isConnected && form.requestSubmit(submitter?.isConnected ? submitter : null);
}

// An address that htmx read before the selection began learns of it here.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const number = list()?.dataset.selection;
  if (number && isOfList(detail.path)) detail.path = withSelection(detail.path, number);
});

document.addEventListener("htmx:afterSwap", head);

// What the page shows would no longer be what is saved.
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, ({ target }) => { if (target.id === "choose") location.reload(); });
}

head();

function choosePage(checked) {
  const changed = boxes().filter((box) => box.checked !== checked);
  changed.forEach((box) => { box.checked = checked; });
  save(changed, checked);
}

function save(changed, checked) {
  head();
  if (!changed.length) return;
  const page = changed.map(idOf).join(",");
  unsaved += 1;
  queue = queue.then(() => send({ page, chosen: checked ? page : "" })).catch(() => {}).finally(() => { unsaved -= 1; });
}

async function send(values) {
  const table = list();
  if (!table) return;
  const path = table.dataset.choose;
  const rows = boxes().map(idOf).join(",");
  await htmx.ajax("POST", path, {
    source: "#choose", target: "#bulk", swap: "none",
    values: { ...values, rows, selection: table.dataset.selection, head: "" },
  });
  follow(document.getElementById("bulk")?.dataset.selection);
}

// The selection has begun: from now on it stands in every address of the page.
function follow(number) {
  const table = list();
  if (!number || !table || table.dataset.selection === number) return;
  table.dataset.selection = number;
  for (const name of ["href", "action", "formaction", "data-choose"]) {
    for (const element of document.querySelectorAll(`.page [${name}]`)) {
      const path = element.getAttribute(name);
      if (isOfList(path)) element.setAttribute(name, withSelection(path, number));
    }
  }
  for (const form of document.querySelectorAll(".page form[role=search], .menu form[method=get]")) keep(form, number);
  history.replaceState(history.state, "", withSelection(location.pathname + location.search, number));
}

function keep(form, number) {
  const field = form.querySelector("input[name=selection]") ?? Object.assign(document.createElement("input"), { type: "hidden", name: "selection" });
  field.value = number;
  (form.querySelector("#search-state") ?? form).append(field);
}

function isOfList(path) {
  const base = list()?.dataset.path;
  return Boolean(base) && path?.split(/[?#]/)[0].startsWith(base);
}

function withSelection(path, number) {
  const url = new URL(path, location.origin);
  url.searchParams.set("selection", number);
  return url.pathname + url.search + url.hash;
}

function head() {
  const box = document.getElementById("choose-page");
  if (!box) return;
  const all = boxes();
  const count = all.filter((each) => each.checked).length;
  box.checked = all.length > 0 && count === all.length;
  box.indeterminate = count > 0 && count < all.length;
}
