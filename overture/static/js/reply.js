// The draft of a reply is saved after a pause in typing; who leaves before it, for another page or thread, loses nothing.
const field = () => document.getElementById("reply-text");

// The field's default is what the server has. What was typed while that was saved is saved now, unless the reply waits
// to be sent and takes it along.
let sent;
document.addEventListener("htmx:beforeRequest", ({ target }) => { if (target === field()) sent = target.value; });
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (target !== field() || !detail.successful) return;
  target.defaultValue = sent;
  setTimeout(() => { if (target.value !== target.defaultValue) htmx.trigger(target, "typed-on"); });
});

function leave() {
  const text = field();
  if (!text || text.value === text.defaultValue) return;
  // Under way to be sent, it is no draft any more.
  if (text.form.matches(".htmx-request")) return;
  if (navigator.sendBeacon(text.getAttribute("hx-post"), new FormData(text.form))) text.defaultValue = text.value;
}

// Before the next page is asked for; and once more, for the browsers and ways that do not tell so early.
addEventListener("beforeunload", leave);
addEventListener("pagehide", leave);
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.shouldSwap && detail.target?.id === "open") leave();
});
