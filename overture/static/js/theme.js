// Changes the theme at once and lets the server remember it.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-switch]")) return;
  event.preventDefault();
  const menu = form.closest("[popover]");
  const theme = menu ? event.submitter.value : opposite();
  root.dataset.theme = theme;
  mark(theme);
  const body = new FormData(form);
  body.set("theme", theme);
  fetch(form.action, { method: "POST", body, redirect: "manual" });
});

function opposite() {
  const shown = root.dataset.theme === "system" ? (dark.matches ? "dark" : "light") : root.dataset.theme;
  return shown === "dark" ? "light" : "dark";
}

function mark(theme) {
  for (const choice of document.querySelectorAll("[data-theme-switch] .menu button, .menu [data-theme-switch] button")) {
    choice.toggleAttribute("aria-current", choice.value === theme);
    if (choice.value === theme) choice.setAttribute("aria-current", "true");
  }
}
