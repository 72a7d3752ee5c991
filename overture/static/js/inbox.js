// The inbox: which row is open, the list live, ticks kept while it is drawn anew, names after an @ in notes.
import { watch } from "./live.js";
import { refresh } from "./thread.js";
import "./mentions.js";
import "./reply.js";

const page = document.querySelector(".inbox");
const list = () => document.getElementById("threads");
const ticked = () => [...document.querySelectorAll(".thread-row input:checked")].map((box) => box.value);

watch(page.dataset.live, list().dataset.pulse, async () => {
  await refresh();
  if (!document.querySelector(".threads [popover]:popover-open")) {
    await htmx.ajax("GET", list().dataset.url, { target: "#threads", swap: "outerHTML" });
  }
});

let kept = [];
let focused = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target?.id !== "threads") return;
  kept = ticked();
  const active = document.activeElement;
  focused = list().contains(active) && !active.form?.matches("#inbox-search") ? { id: active.id, row: active.closest(".thread-row")?.id } : null;
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id === "threads" || list() === detail.elt) afterList();
  if (document.getElementById("open")) mark();
});

function afterList() {
  for (const value of kept) {
    const box = document.getElementById(`tick-${value}`);
    if (box) box.checked = true;
  }
  kept = [];
  if (focused) {
    const again = document.getElementById(focused.id) || document.getElementById(focused.row)?.querySelector("a");
    again?.focus({ preventScroll: true });
    focused = null;
  }
  searched();
  mark();
}

// The search field stays as it is while the list is drawn anew, so that nothing typed meanwhile is lost: only
// when nobody writes in it does it follow the list, as when a view or a link takes its words away. Partners have none.
function searched() {
  const field = document.getElementById("inbox-q");
  if (field && field !== document.activeElement) field.value = list().dataset.q;
}

// The row of the thread that is open; it is read now.
function mark() {
  const number = document.getElementById("open")?.dataset.thread;
  for (const link of document.querySelectorAll(".thread[aria-current]")) link.removeAttribute("aria-current");
  const link = number && document.querySelector(`#thread-${CSS.escape(number)} .thread`);
  if (link) {
    link.setAttribute("aria-current", "true");
    link.classList.remove("unread");
  }
  count();
}

// The number beside Inbox in the navigation is that of the list.
function count() {
  const number = document.getElementById("unread-count")?.textContent.trim();
  if (number === undefined) return;
  for (const link of document.querySelectorAll(':is(.nav, .topbar, .tabbar) a[href$="/inbox"]')) {
    const shown = link.querySelector(".n") ?? link.appendChild(Object.assign(document.createElement("span"), { className: "n" }));
    shown.textContent = number;
  }
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-all]")) return;
  for (const box of document.querySelectorAll(".thread-row input[type=checkbox]")) box.checked = target.checked;
});

// After sending, one goes on writing.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.id !== "open" || detail.requestConfig?.verb !== "post") return;
  document.getElementById("reply-text")?.focus();
});
