// The record beside the list it came from: which row or tile it belongs to, and closing it.
export const here = () => document.querySelector("#list [aria-current][id]");

document.addEventListener("click", (event) => {
  const close = event.target.closest?.("#side [data-close]");
  if (close && !event.ctrlKey && !event.metaKey) closePanel(event, close);
});

document.addEventListener("htmx:afterSwap", ({ target }) => { if (target.id === "side") mark(); });

function mark() {
  const id = document.querySelector("#side .slideover")?.dataset.row;
  for (const row of document.querySelectorAll("#list [aria-current][id]")) row.removeAttribute("aria-current");
  document.getElementById(id)?.setAttribute("aria-current", "true");
}

function closePanel(event, link) {
  if (!document.getElementById("list")) return;
  event.preventDefault();
  const row = here();
  document.getElementById("side").replaceChildren();
  row?.querySelector(".who a")?.focus();
  row?.removeAttribute("aria-current");
  history.pushState({ htmx: true }, "", link.href);
}
