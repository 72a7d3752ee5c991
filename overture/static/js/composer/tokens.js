// The menu of special tokens: found by typing, inserted where one wrote last, with a fallback where a value may lack.
import { onEnterOrClick } from "./format.js";
import { tokenText } from "./token.js";

export function tokenMenu(focused, content) {
  const menu = document.querySelector("[data-token-menu]");
  const ask = menu.querySelector("[data-fallback-form]");
  const find = menu.querySelector("[data-token-find]");
  const fallback = ask.querySelector("input");
  let chosen = null;
  const insert = (name, text) => {
    // An ad code is HTML: it can stand in the content only.
    const editor = name.startsWith("adcode_") ? content : focused();
    menu.hidePopover();
    editor.chain().focus().insertContent({ type: "token", attrs: { text: tokenText(name, text) } }).run();
  };
  menu.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-token-name]");
    if (!button) return;
    if (!("fallback" in button.dataset)) return insert(button.dataset.tokenName, null);
    chosen = button.dataset.tokenName;
    mark(menu, button);
    ask.hidden = false;
    ask.querySelector("[data-token-word]").textContent = `{${chosen}}`;
    ask.querySelector("[data-token-lacking]").textContent = button.dataset.lacking;
    ask.scrollIntoView({ block: "nearest" });
    fallback.focus();
  });
  ask.querySelector("[data-plain]").addEventListener("click", () => insert(chosen, null));
  onEnterOrClick(ask, () => insert(chosen, fallback.value.trim() || null));
  finder(menu, find);
  // Before, not after: what is typed at once must stay.
  menu.addEventListener("beforetoggle", ({ newState }) => {
    if (newState !== "open") return;
    ask.hidden = true;
    fallback.value = find.value = "";
    mark(menu, null);
    find.dispatchEvent(new Event("input"));
  });
}

function mark(menu, chosen) {
  for (const button of menu.querySelectorAll("[data-token-name]")) {
    if (button === chosen) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function finder(menu, find) {
  const items = [...menu.querySelectorAll("li:has([data-token-name])")];
  const first = () => items.find((item) => !item.hidden)?.querySelector("button");
  find.addEventListener("input", () => {
    const words = find.value.trim().toLowerCase();
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(words);
  });
  find.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      first()?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (find.value.trim()) first()?.click();
    }
  });
}
