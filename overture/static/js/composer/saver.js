// Saves 600 ms after the last change; one request at a time, and the newest text always wins.
export function saver(form) {
  const note = document.querySelector("[data-saved]");
  let timer, changed = false, busy = false, over = false;
  const wait = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(now, pause);
  };
  const later = () => {
    changed = true;
    wait(600);
  };
  const now = async () => {
    if (busy || over || !changed) return;
    busy = true;
    changed = false;
    try {
      const answer = await fetch(form.dataset.save, {
        method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      });
      over = answer.status === 409;
      if (!answer.ok && !over) throw new Error(String(answer.status));
      const said = await answer.json();
      say(note, said.saved);
      showErrors(form, said.errors);
      document.body.dispatchEvent(new CustomEvent("draft-saved"));
      if (changed) wait(600);
    } catch {
      changed = true;
      say(note, note?.dataset.failed);
      wait(5000);
    }
    busy = false;
  };
  // The form that is sent carries everything itself.
  const submitted = ({ target }) => {
    if (target !== form && target.id !== "discard") return;
    over = true;
    changed = false;
  };
  const leave = () => {
    if (changed && !over) navigator.sendBeacon(form.dataset.save, new FormData(form));
  };
  return { later, leave, submitted };
}

function say(note, text) {
  if (note && note.textContent !== text) note.textContent = text;
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
