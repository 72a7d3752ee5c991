// The format bar of the content, and the small form that sets a link.
export function formatBar(form, editor) {
  const commands = {
    bold: (chain) => chain.toggleBold(),
    italic: (chain) => chain.toggleItalic(),
    bulletList: (chain) => chain.toggleBulletList(),
    orderedList: (chain) => chain.toggleOrderedList(),
    undo: (chain) => chain.undo(),
    redo: (chain) => chain.redo(),
    unlink: (chain) => chain.extendMarkRange("link").unsetLink(),
  };
  form.querySelector("[data-formatbar]").hidden = false;
  const buttons = [...form.querySelectorAll("[data-format]")];
  for (const button of buttons) {
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      button.closest("[popover]")?.hidePopover();
      commands[button.dataset.format](editor.chain().focus()).run();
    });
  }
  editor.on("transaction", () => {
    for (const button of buttons) {
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(editor.isActive(button.dataset.format)));
    }
  });
  linkForm(form, editor);
}

function linkForm(form, editor) {
  const link = form.querySelector("[data-link-form]");
  const menu = link.closest("[popover]");
  const field = link.querySelector("input");
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") field.value = editor.getAttributes("link").href ?? "";
  });
  onEnterOrClick(link, () => {
    if (!field.value.trim()) return;
    menu.hidePopover();
    setLink(editor, field.value.trim());
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

// A small form inside the composer's form: a nested <form> is not allowed, so Enter and its button are heard here.
export function onEnterOrClick(group, act) {
  group.querySelector("button[data-do]").addEventListener("click", act);
  group.querySelector("input").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    act();
  });
}
