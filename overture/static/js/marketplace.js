// The tiles of a marketplace: arrows walk them, filters stay as they were folded, and open as a sheet where it is narrow.
import "./choosing.js";
import { here } from "./panel.js";

const browse = document.getElementById("browse");
const tiles = () => [...document.querySelectorAll("#list .tile")];
const panel = () => document.querySelector("#side .slideover");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [popover]:popover-open, dialog[open], .facets")) return;
  const from = here() ?? document.querySelector("#list .tile:focus-within");
  const step = from && stepOf(event.key);
  if (!step) return;
  const all = tiles();
  const tile = all[all.indexOf(from) + step];
  if (!tile) return;
  event.preventDefault();
  const link = tile.querySelector(".who a");
  if (panel()) link.click();
  link.focus({ preventScroll: true });
  tile.scrollIntoView({ block: "nearest" });
});

// As many as stand beside each other lead to the tile below.
function stepOf(key) {
  const all = tiles();
  const columns = all.filter((tile) => tile.offsetTop === all[0].offsetTop).length;
  return { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key];
}

document.addEventListener("click", (event) => {
  const opens = event.target.closest?.("[data-facets-open]");
  const closes = event.target.closest?.("[data-facets-close]");
  if (!opens && !closes) return;
  event.preventDefault();
  showFacets(Boolean(opens));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || browse.dataset.facets !== "open") return;
  event.preventDefault();
  showFacets(false);
}, true);

function showFacets(isOpen) {
  browse.dataset.facets = isOpen ? "open" : "";
  document.querySelector(isOpen ? "#filters [data-facets-close]" : "[data-facets-open]")?.focus();
}

// Filters drawn anew are folded as they were before.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  if (detail.target.id !== "facets") return;
  for (const { id } of detail.target.querySelectorAll("details[open]")) {
    detail.fragment.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  }
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id === "results") document.querySelector(".browse .page-body").scrollTop = 0;
});

// What was pressed may be gone with its answer: the focus stays with its tile or panel, else goes to the tile after it.
let changed = null;
let isOfPanel = false;
document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target } }) => {
  if (!target.matches(".tile")) return;
  changed = { id: target.id, next: target.nextElementSibling ?? target.previousElementSibling };
});
document.addEventListener("htmx:beforeRequest", ({ detail }) => { isOfPanel = Boolean(detail.elt.closest?.("#side")); });
document.addEventListener("htmx:afterRequest", () => {
  if (changed && document.activeElement === document.body) {
    const tile = document.getElementById(changed.id) ?? changed.next;
    (isOfPanel && panel() ? panel().querySelector(".cta .btn") : tile?.querySelector(".who a"))?.focus();
  }
  changed = null;
});
