// Asks how a mailing stands every two seconds while it is sent, seldom while nobody looks; counts the undo window down.
let timer;

function tick() {
  const live = document.querySelector("[data-live]");
  if (!live) return;
  // Under a menu, a dialog or a finger nothing is replaced.
  if (!document.querySelector("dialog[open]")) htmx.trigger(live, "tick");
  wait();
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(tick, document.hidden ? 20000 : 2000);
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
setInterval(() => {
  const left = document.querySelector("[data-countdown]");
  if (left) left.textContent = String(Math.max(0, Number(left.textContent) - 1));
}, 1000);
wait();
