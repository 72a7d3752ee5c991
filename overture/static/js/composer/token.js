// A token as an atomic inline node: one Backspace removes it, typing its text makes it.
import { InputRule, Node, PasteRule } from "../../django_prose_editor/editor.js";

const NAMES = "mpid|mpname|firstName|lastName|currentDay|currentTime|currentMonthYear|adcode_\\d{1,18}";
const FALLBACK = "(?:\\|(?:[^{}\\\\|]|\\\\.)*)?";
// {{ is a brace and no token: what comes before the opening one is looked at, too.
const TYPED = new RegExp(`(?<!\\{)\\{(?:${NAMES})${FALLBACK}\\}$`);
const WRITTEN = new RegExp(`(?<!\\{)\\{(?:${NAMES})${FALLBACK}\\}(?!\\})`, "g");

export const Token = Node.create({
  name: "token",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addAttributes() {
    return { text: { default: "", parseHTML: (element) => element.textContent, renderHTML: () => ({}) } };
  },
  parseHTML() {
    return [{ tag: "span[data-token]" }];
  },
  renderHTML({ node }) {
    return ["span", { "data-token": nameOf(node.attrs.text) }, node.attrs.text];
  },
  addNodeView() {
    return ({ node }) => ({ dom: chipOf(node.attrs.text) });
  },
  renderText({ node }) {
    return node.attrs.text;
  },
  addInputRules() {
    return [new InputRule({ find: TYPED, handler: (found) => replace(found, this.type) })];
  },
  addPasteRules() {
    return [new PasteRule({ find: WRITTEN, handler: (found) => replace(found, this.type) })];
  },
});

// Tokens that came as plain text (by the API, from a template) become chips when the editor opens.
export function withChips(html) {
  const draft = new DOMParser().parseFromString(html, "text/html");
  const walker = draft.createTreeWalker(draft.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("[data-token]")) texts.push(walker.currentNode);
  for (const text of texts) {
    unbroken(text);
    chip(text, draft);
  }
  return draft.body.innerHTML;
}

export function nameOf(text) {
  return text.slice(1, -1).split("|")[0];
}

export function tokenText(name, fallback) {
  return fallback === null ? `{${name}}` : `{${name}|${fallback.replace(/[\\|}]/g, "\\$&")}}`;
}

// What one sees while writing: the name, and beside it what stands there when there is no value.
function chipOf(text) {
  const dom = document.createElement("span");
  dom.dataset.token = nameOf(text);
  dom.contentEditable = "false";
  dom.append(`{${nameOf(text)}}`);
  const words = besides(text);
  if (!words) return dom;
  const small = document.createElement("small");
  small.textContent = words;
  dom.append(small);
  return dom;
}

// The fallback, or the name of the ad as the menu tells it.
function besides(text) {
  const fallback = fallbackOf(text);
  if (fallback === null) return document.querySelector(`[data-token-name="${nameOf(text)}"][data-ad] small`)?.textContent ?? "";
  const { or, orNothing } = document.querySelector("form[data-composer]").dataset;
  return fallback ? or.replace("%s", fallback) : orNothing;
}

export function fallbackOf(text) {
  const bar = text.indexOf("|");
  return bar < 0 ? null : text.slice(bar + 1, -1).replace(/\\([\\|}])/g, "$1");
}

// A line break in the source is a space to a reader, and nothing between two blocks; the editor would show it.
function unbroken(text) {
  if (!text.data.includes("\n")) return;
  const isBetweenBlocks = !text.data.trim() && text.parentElement.querySelector(":scope > :is(p, ul, ol, li, h2, h3, div)");
  text.data = isBetweenBlocks ? "" : text.data.replace(/[ \t]*\n\s*/g, " ");
}

function chip(text, draft) {
  const found = [...text.data.matchAll(WRITTEN)];
  for (const match of found.reverse()) {
    const after = text.splitText(match.index);
    after.deleteData(0, match[0].length);
    const span = draft.createElement("span");
    span.dataset.token = nameOf(match[0]);
    span.textContent = match[0];
    after.before(span);
  }
}

function replace({ state, range, match }, type) {
  state.tr.replaceWith(range.from, range.to, type.create({ text: match[0] }));
}
