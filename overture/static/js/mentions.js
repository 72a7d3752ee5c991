// Offers colleagues' names after an @ in a note; arrows choose, Enter or Tab takes one, Escape leaves it.
let list = null;
let at = 0;

document.addEventListener("input", ({ target }) => { if (target.matches?.("[data-mentions]")) offer(target); });
document.addEventListener("focusout", ({ target }) => { if (target.matches?.("[data-mentions]")) setTimeout(close, 150); });
document.addEventListener("keydown", (event) => {
  if (!list || !event.target.matches?.("[data-mentions]")) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) move(step);
  else if (event.key === "Enter" || event.key === "Tab") take(event.target, list.children[at].textContent);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const begun = (field) => /(^|[\s(])@([\p{L}\p{M}' -]{0,40})$/u.exec(field.value.slice(0, field.selectionStart));

function offer(field) {
  const found = begun(field);
  const names = found ? field.dataset.mentions.split("|").filter((name) => plain(name).startsWith(plain(found[2]))).slice(0, 6) : [];
  close();
  if (!names.length || names.some((name) => found[2] === name)) return;
  list = Object.assign(document.createElement("ul"), { className: "names" });
  list.setAttribute("role", "listbox");
  for (const name of names) {
    const item = Object.assign(document.createElement("li"), { textContent: name });
    item.setAttribute("role", "option");
    item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(field, name); });
    list.append(item);
  }
  document.body.append(list);
  const box = field.getBoundingClientRect();
  list.style.left = `${box.left}px`;
  list.style.top = `${Math.min(box.bottom + 4, innerHeight - list.offsetHeight - 8)}px`;
  at = 0;
  move(0);
}

function move(step) {
  const items = [...list.children];
  at = (at + step + items.length) % items.length;
  items.forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
}

function take(field, name) {
  const found = begun(field);
  if (found) {
    const from = field.selectionStart - found[2].length;
    field.setRangeText(`${name} `, from, field.selectionStart, "end");
  }
  close();
  field.focus();
}

function close() {
  list?.remove();
  list = null;
}
