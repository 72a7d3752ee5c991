// The current row of a table, tile of a grid or thread of a list, and ranges of checkboxes.
const ROW = ".page :is(.table tbody tr, .tile, .thread-row)";
let lastBox = null;

export const rows = () => [...document.querySelectorAll(ROW)];
export const current = () => document.querySelector(`${ROW}:focus-within`) ?? document.querySelector(`${ROW}[data-here]`);

export function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const row = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  all.forEach((other) => other.removeAttribute("data-here"));
  row.setAttribute("data-here", "");
  row.querySelector(".who a, a, button")?.focus();
  // A thread opens as one walks over it, as a mail program does.
  row.querySelector("a.thread")?.click();
  row.scrollIntoView({ block: "nearest" });
}

export function select(range) {
  const box = current()?.querySelector(".check input");
  if (!box) return;
  if (range && lastBox?.isConnected) selectRange(lastBox, box, !box.checked);
  else box.click();
  lastBox = box;
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.(":is(.table tbody, .tile, .thread-row) .check input");
  if (!box) return;
  if (event.shiftKey && lastBox?.isConnected && lastBox !== box) selectRange(lastBox, box, box.checked, box);
  lastBox = box;
});

// Tells the table once about many boxes; who listens to "range" saves them in one request.
function selectRange(from, to, checked, clicked) {
  const boxes = rows().map((row) => row.querySelector(".check input")).filter(Boolean);
  const [start, end] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
  const changed = boxes.slice(start, end + 1).filter((box) => box.checked !== checked);
  changed.forEach((box) => { box.checked = checked; });
  const all = clicked ? [...changed, clicked] : changed;
  const told = new CustomEvent("range", { bubbles: true, cancelable: true, detail: { boxes: all, checked } });
  if (!to.dispatchEvent(told)) return;
  changed.forEach((box) => box.dispatchEvent(new Event("change", { bubbles: true })));
}
