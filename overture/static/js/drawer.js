// The navigation as a drawer on narrow screens.
const shell = document.querySelector(".shell");
const opener = document.querySelector("[data-drawer]");

if (shell && opener) {
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    show(shell.dataset.nav !== "open");
  });
  // It is a link without script, a button with it: buttons also answer to Space.
  opener.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); opener.click(); }
  });
  document.addEventListener("click", ({ target }) => {
    if (shell.dataset.nav === "open" && !target.closest(".nav, [data-drawer]")) show(false);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && shell.dataset.nav === "open") show(false);
  });
}

function show(open) {
  shell.dataset.nav = open ? "open" : "";
  opener.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector(".nav a, .nav button")?.focus();
  else opener.focus();
}
