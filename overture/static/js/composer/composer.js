// The composer: editors over the fields, the format bar, tokens to insert, and a draft saved as one types.
import { contentEditor, subjectEditor } from "./editors.js";
import { tokenText } from "./token.js";

const form = document.querySelector("form[data-composer]");
if (form) open(form);

function open(form) {
  const save = saver(form);
  const content = contentEditor(form.elements.content, save.later);
  const subject = subjectEditor(form.elements.subject, save.later);
  let last = content;
  subject.on("focus", () => { last = subject; });
  content.on("focus", () => { last = content; });
  formatBar(form, content);
  tokenMenu(() => last, content);
  form.addEventListener("input", save.later);
  form.addEventListener("change", save.later);
  addEventListener("pagehide", save.leave);
  document.documentElement.dataset.composer = "ready";
}

// Saves 600 ms after the last change; one request at a time, and the newest text always wins.
function saver(form) {
  const note = document.querySelector("[data-saved]");
  let timer, changed = false, busy = false;
  const later = () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(now, 600);
  };
  const now = async () => {
    if (busy || !changed) return;
    busy = true;
    changed = false;
    try {
      const answer = await fetch(form.dataset.save, {
        method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const said = await answer.json();
      if (note) note.textContent = said.saved;
      document.body.dispatchEvent(new CustomEvent("draft-saved"));
    } catch {
      changed = true;
      if (note) note.textContent = note.dataset.failed;
      timer = setTimeout(now, 5000);
    }
    busy = false;
    if (changed && note?.textContent !== note?.dataset.failed) later();
  };
  const leave = () => {
    if (changed) navigator.sendBeacon(form.dataset.save, new FormData(form));
  };
  return { later, leave };
}

function formatBar(form, editor) {
  const commands = {
    bold: (chain) => chain.toggleBold(),
    italic: (chain) => chain.toggleItalic(),
    underline: (chain) => chain.toggleUnderline(),
    bulletList: (chain) => chain.toggleBulletList(),
    orderedList: (chain) => chain.toggleOrderedList(),
    undo: (chain) => chain.undo(),
    redo: (chain) => chain.redo(),
    unlink: (chain) => chain.extendMarkRange("link").unsetLink(),
  };
  const buttons = [...document.querySelectorAll("[data-format]")];
  for (const button of buttons) {
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => commands[button.dataset.format]?.(editor.chain().focus()).run());
  }
  editor.on("transaction", () => {
    for (const button of buttons) {
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(editor.isActive(button.dataset.format)));
    }
  });
  const link = document.querySelector("[data-link-form]");
  const field = link?.querySelector("input");
  link?.closest("[popover]")?.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") field.value = editor.getAttributes("link").href ?? "";
  });
  onEnterOrClick(link, () => {
    if (!field.value.trim()) return;
    setLink(editor, field.value.trim());
    link.closest("[popover]").hidePopover();
  });
}

function setLink(editor, typed) {
  const href = /^(https?:|mailto:)/i.test(typed) ? typed : typed.includes("@") ? `mailto:${typed}` : `https://${typed}`;
  const chain = editor.chain().focus().extendMarkRange("link");
  if (editor.state.selection.empty && !editor.isActive("link")) {
    chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
  } else {
    chain.setLink({ href }).run();
  }
}

function tokenMenu(focused, content) {
  const menu = document.querySelector("[data-token-menu]");
  if (!menu) return;
  const ask = menu.querySelector("[data-fallback-form]");
  const find = menu.querySelector("[data-token-find]");
  let chosen = null;
  const insert = (name, fallback) => {
    const editor = name.startsWith("adcode_") ? content : focused();
    menu.hidePopover();
    editor.chain().focus().insertContent({ type: "token", attrs: { text: tokenText(name, fallback) } }).run();
  };
  menu.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-token-name]");
    if (!button) return;
    if (!("fallback" in button.dataset)) return insert(button.dataset.tokenName, null);
    chosen = button.dataset.tokenName;
    ask.hidden = false;
    for (const word of ask.querySelectorAll("[data-token-word]")) word.textContent = `{${chosen}}`;
    ask.querySelector("input").focus();
  });
  find?.addEventListener("input", () => {
    const words = find.value.trim().toLowerCase();
    for (const item of menu.querySelectorAll("li:has([data-token-name])")) {
      item.hidden = !item.textContent.toLowerCase().includes(words);
    }
  });
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") ask.hidden = true;
  });
  const write = () => insert(chosen, ask.querySelector("input").value || null);
  onEnterOrClick(ask, write);
}

// A small form inside the composer's form: a nested <form> is not allowed, so Enter and its button are heard here.
function onEnterOrClick(group, act) {
  group?.querySelector("button[data-do]")?.addEventListener("click", act);
  group?.querySelector("input")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    act();
  });
}
