// Saves 600 ms after the last change; one request at a time, and what was typed last always wins.
import { keep, tab } from "./left.js";
import { post, say, sayFailed } from "./post.js";

export function saver(form) {
  // When it was last typed in, and what the server has. By the clock: a page opened later is later than one left.
  let typed = Math.max(Date.now(), form.dataset.typedAt), saved = typed;
  let timer, busy = false, failed = false, over = false;
  const wait = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(now, pause);
  };
  const later = () => {
    typed = Math.max(typed + 1, Date.now());
    wait(600);
  };
  const now = async () => {
    if (busy || over || typed === saved) return;
    busy = true;
    const sent = typed;
    try {
      const said = await post(form, new FormData(form));
      over = said.isOver;
      saved = sent;
      failed = false;
      say(said.saved);
      showErrors(form, said.errors);
      document.body.dispatchEvent(new CustomEvent("draft-saved"));
      if (typed > saved) wait(600);
    } catch {
      failed = true;
      sayFailed();
      wait(5000);
    }
    busy = false;
  };
  // However the form leaves, it says when it was typed: one sent earlier may arrive later.
  form.addEventListener("formdata", ({ formData }) => {
    formData.set("tab", tab());
    formData.set("typed_at", typed);
  });
  // The form that is sent carries everything itself.
  const submitted = ({ target }) => {
    if (target === form || target.id === "discard") over = true;
  };
  // Also what is under way: the browser may give up a request of a page that is left.
  const send = () => over || typed === saved || navigator.sendBeacon(form.dataset.save, new FormData(form));
  // Before the next page is asked for. What the browser does not take along, or the server did not take, it asks about.
  const leaving = (event) => {
    if (!send() || (failed && !over)) event.preventDefault();
  };
  const left = () => {
    send();
    if (typed > saved) keep(form, typed);
  };
  return { later, leaving, left, submitted };
}

function showErrors(form, errors) {
  for (const line of form.querySelectorAll("[data-error]")) {
    const words = errors[line.dataset.error] ?? "";
    const field = form.elements[line.dataset.error];
    line.hidden = !words;
    line.querySelector("span").textContent = words;
    // Several boxes of one name are a list, which has no attributes.
    if (words) field?.setAttribute?.("aria-invalid", "true");
    else field?.removeAttribute?.("aria-invalid");
  }
}
