// Single keys: J and K move, X selects, Shift+X a range, E email, N note, M message, / search, Esc closes the side panel.
// In the inbox E is done, R reply, S snooze, A assign, U unread.
// The profile can turn them off; Esc always works.
import { current, move, select } from "./rows.js";

const isOn = document.documentElement.dataset.keys !== "off";
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true], dialog[open] *, [popover]:popover-open *";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (event.key === "Escape") return closeSide(event);
  if (!isOn || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const act = ACTS[event.key === "X" ? "X" : event.key.toLowerCase()];
  if (act?.() !== false && act) event.preventDefault();
});

// ⌘↵ or Ctrl+Enter presses the page's own send button.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
  const send = document.querySelector('[data-key="send"]:not([disabled])');
  if (send) { event.preventDefault(); send.click(); }
});

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => select(false),
  X: () => select(true),
  e: () => press("e"),
  n: () => press("n"),
  m: () => press("m"),
  r: () => press("r"),
  s: () => press("s"),
  a: () => press("a"),
  u: () => press("u"),
  "/": search,
};

// The current row's own element first, then the page's.
function press(key) {
  const found = current()?.querySelector(`[data-key="${key}"]`)
    ?? document.querySelector(`.side [data-key="${key}"], .bulkbar [data-key="${key}"], .page-head [data-key="${key}"], .inbox [data-key="${key}"]`);
  if (!found) return false;
  if (found.matches("textarea, input")) found.focus();
  else found.click();
}

function search() {
  const field = document.querySelector('.page [data-key="/"], .page input[type="search"]');
  if (!field) return false;
  field.focus();
  field.select();
}

function closeSide(event) {
  if (event.target.closest("dialog[open], [popover]:popover-open")) return;
  const close = document.querySelector(".side [data-close]");
  if (!close) return;
  close.click();
  document.querySelector(":is(.table tbody tr, .tile):is([aria-current], [data-here]) .who a")?.focus();
}
