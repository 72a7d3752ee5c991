// Asks every few seconds whether anything changed, seldom while nobody looks, and says so; the answer is a number.
const SEEN = 7000;
const HIDDEN = 60000;

export function watch(url, known, changed) {
  let count = String(known);
  let timer;
  const ask = async () => {
    clearTimeout(timer);
    try {
      const answer = await fetch(url, { cache: "no-cache", credentials: "omit" });
      const now = answer.ok ? await answer.text() : count;
      if (now !== count) { count = now; await changed(); }
    } catch { /* offline: asked again later */ }
    timer = setTimeout(ask, document.hidden ? HIDDEN : SEEN);
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  timer = setTimeout(ask, document.hidden ? HIDDEN : SEEN);
}
