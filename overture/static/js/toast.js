// Toasts leave after six seconds, not while someone points at them or is in them.
const STAY = 6000;
const region = document.querySelector(".toasts");

// The server may answer an htmx request with HX-Trigger: {"toast": {"text": "...", "undo": "/..."}}.
document.addEventListener("toast", ({ detail }) => toast(detail.text ?? detail.value, detail.undo));

if (region) {
  region.querySelectorAll(".toast").forEach(watch);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.matches?.(".toast")) watch(node);
  }).observe(region, { childList: true });
}

export function toast(text, undo) {
  const made = document.querySelector("template[data-toast]").content.firstElementChild.cloneNode(true);
  made.querySelector("span").textContent = text;
  const form = made.querySelector("form");
  if (undo) form.action = undo;
  else form.remove();
  region.append(made);
}

function watch(note) {
  let timer;
  const start = () => { timer = setTimeout(() => leave(note), STAY); };
  const hold = () => clearTimeout(timer);
  note.addEventListener("pointerenter", hold);
  note.addEventListener("focusin", hold);
  note.addEventListener("pointerleave", () => { if (!note.contains(document.activeElement)) start(); });
  note.addEventListener("focusout", () => { if (!note.matches(":hover")) start(); });
  note.querySelector("[data-dismiss]")?.addEventListener("click", () => note.remove());
  start();
}

function leave(note) {
  if (note.matches(":hover") || note.contains(document.activeElement)) return;
  note.remove();
}
