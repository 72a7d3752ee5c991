// Asks how a mailing stands every two seconds while it is sent, seldom while it waits for its time or nobody looks; counts
// the undo window down.
let timer;

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
  timer = setTimeout(tick, isSlow ? 20000 : 2000);
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
setInterval(() => {
  const left = document.querySelector("[data-countdown]");
  if (left) left.textContent = String(Math.max(0, Number(left.textContent) - 1));
}, 1000);
wait();
