// Asks how a mailing stands every two seconds while it is sent, seldom while it waits for its time or nobody looks; counts
// the undo window down. What takes long to count, a million e-mails, is asked for less often: a tenth of the time at most.
const SHARE = 10;
let timer, asked = 0, took = 0;

function tick() {
  const live = document.querySelector("[data-live]");
  if (!live) return;
  // Under a menu, a dialog, a form or a finger nothing is replaced.
  if (!document.querySelector("dialog[open], [data-hold][open]")) htmx.trigger(live, "tick");
  wait();
}

function wait() {
  clearTimeout(timer);
  const isSlow = document.hidden || document.querySelector('[data-live="scheduled"]');
  timer = setTimeout(tick, Math.max(isSlow ? 20000 : 2000, SHARE * took));
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "progress") asked = performance.now();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.elt.id !== "progress") return; // the one asked for, replaced since
  took = performance.now() - asked;
  wait();
});

document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
setInterval(() => {
  const left = document.querySelector("[data-countdown]");
  if (left) left.textContent = String(Math.max(0, Number(left.textContent) - 1));
}, 1000);
wait();
