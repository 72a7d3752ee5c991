// Menus are native popovers. Arrow keys move in them; where the browser cannot anchor, they are placed here.
const anchors = CSS.supports("position-area", "block-end");

document.addEventListener("toggle", ({ target, newState }) => {
  if (!target.matches?.("[popover]")) return;
  const opener = openerOf(target);
  opener?.setAttribute("aria-expanded", String(newState === "open"));
  if (newState !== "open") return;
  if (!anchors && opener) place(target, opener.getBoundingClientRect());
  (target.querySelector("[autofocus]") ?? items(target)[0])?.focus({ preventScroll: true });
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  if (!menu || event.target.matches("input, textarea, select")) return;
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined || !all.length) return;
  event.preventDefault();
  all[(next + all.length) % all.length].focus();
});

// A choice that htmx carries out leaves the page in place, so the menu closes by hand.
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  const menu = target.closest?.(".menu[popover]:popover-open:not([data-stay])");
  menu?.hidePopover();
});

function items(menu) {
  return [...menu.querySelectorAll("a[href], button:not([disabled])")].filter((item) => item.offsetParent !== null);
}

function openerOf(menu) {
  return menu.id ? document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`) : null;
}

function place(menu, box) {
  const below = box.bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.position = "fixed";
  menu.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - menu.offsetHeight - 4)}px`;
  menu.style.left = `${Math.min(Math.max(8, box.right - menu.offsetWidth), innerWidth - menu.offsetWidth - 8)}px`;
}
