// Puts an editor over each field that stays the form's truth: the content's textarea and the subject's input.
import {
  BulletList, Document, Editor, Extension, HardBreak, Heading, History, Italic, Bold, Link, ListItem, OrderedList,
  Paragraph, Text, Underline,
} from "../../django_prose_editor/editor.js";
import { Token, withChips } from "./token.js";

export function contentEditor(field, onChange) {
  return over(field, onChange, {
    extensions: [
      Document, Paragraph, Text, HardBreak, Bold, Italic, Underline, BulletList, OrderedList, ListItem, History, Token,
      Heading.configure({ levels: [2, 3] }),
      Link.configure({ openOnClick: false, autolink: true, HTMLAttributes: { rel: null, target: null } }),
    ],
    content: withChips(field.value),
    read: (editor) => (editor.isEmpty ? "" : editor.getHTML()),
    multiline: true,
  });
}

export function subjectEditor(field, onChange) {
  const OneLine = Document.extend({ content: "paragraph" });
  const NoBreak = Extension.create({
    name: "noBreak",
    addKeyboardShortcuts: () => ({ Enter: () => true, "Shift-Enter": () => true, "Mod-Enter": () => false }),
  });
  const text = document.createElement("p");
  text.textContent = field.value;
  return over(field, onChange, {
    extensions: [OneLine, Paragraph, Text, History, Token, NoBreak],
    content: withChips(text.outerHTML),
    read: (editor) => editor.getText().replace(/\s*\n\s*/g, " "),
    multiline: false,
  });
}

function over(field, onChange, { extensions, content, read, multiline }) {
  const place = document.createElement("div");
  place.className = multiline ? "editor-place" : "subject";
  field.before(place);
  field.hidden = true;
  return new Editor({
    element: place,
    injectCSS: false,
    content,
    parseOptions: { preserveWhitespace: true },
    extensions,
    editorProps: { attributes: accessibleName(field, multiline) },
    onUpdate({ editor }) {
      field.value = read(editor);
      onChange(field);
    },
  });
}

function accessibleName(field, multiline) {
  const name = field.labels?.[0]?.textContent.trim() || field.getAttribute("aria-label") || "";
  const described = field.getAttribute("aria-describedby");
  return {
    role: "textbox",
    "aria-label": name,
    "aria-multiline": String(multiline),
    ...(described ? { "aria-describedby": described } : {}),
  };
}
