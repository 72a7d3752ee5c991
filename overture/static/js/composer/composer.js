// The composer: editors over the fields, the format bar, tokens to insert, and a draft saved as one types.
import { contentEditor, subjectEditor } from "./editors.js";
import { formatBar } from "./format.js";
import { giveBack } from "./left.js";
import { panes } from "./panes.js";
import { saver } from "./saver.js";
import { tokenMenu } from "./tokens.js";

const form = document.querySelector("form[data-composer]");
const given = form && await giveBack(form);
if (form && given !== "drawn") open(form, given === "unsaved");

function open(form, isUnsaved) {
  const save = saver(form);
  const content = contentEditor(form.elements.content, save.later);
  const subject = subjectEditor(form.elements.subject, save.later);
  let last = content;
  subject.on("focus", () => { last = subject; });
  content.on("focus", () => { last = content; });
  formatBar(form, content);
  tokenMenu(() => last, content);
  panes();
  // What the menus ask is not part of the e-mail: their fields have no name.
  const heard = ({ target }) => { if (target.name) save.later(); };
  form.addEventListener("input", heard);
  form.addEventListener("change", heard);
  form.addEventListener("files-changed", save.later);
  // The checks beside it tell of the scan: once a file is judged, they are asked again.
  form.addEventListener("htmx:afterSwap", ({ target }) => {
    if (target.closest("file-upload")) document.body.dispatchEvent(new CustomEvent("draft-saved"));
  });
  form.addEventListener("submit", save.submitted);
  document.addEventListener("submit", save.submitted);
  addEventListener("beforeunload", save.leaving);
  addEventListener("pagehide", save.left);
  // Kept by the browser, it shows the draft as it was when the page was left.
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    document.querySelector("button[form=write].primary")?.click();
  });
  if (isUnsaved) save.later();
  document.documentElement.dataset.composer = "ready";
}
