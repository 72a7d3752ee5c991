// Copies data-copy; the button appears only where the browser can.
const able = Boolean(navigator.clipboard);
const reveal = (root) => root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = !able; });

reveal(document);
document.addEventListener("htmx:afterSwap", ({ target }) => reveal(target));
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.setAttribute("aria-pressed", "true");
  setTimeout(() => button.removeAttribute("aria-pressed"), 1500);
});
