// Asks now and then whether anything changed, and says so; the answer is a number. Often while something goes on here,
// seldom when nothing did for a while, and once a minute while nobody looks.
const LIVELY = 4000;
const QUIET = 12000;
const HIDDEN = 60000;
const LASTS = 120000;

let happened = Date.now();
for (const type of ["keydown", "pointerdown"]) document.addEventListener(type, () => { happened = Date.now(); }, { passive: true, capture: true });

const pause = () => (document.hidden ? HIDDEN : Date.now() - happened < LASTS ? LIVELY : QUIET);

export function watch(url, known, changed) {
  let count = String(known);
  let timer;
  const ask = async () => {
    clearTimeout(timer);
    try {
      const answer = await fetch(url, { cache: "no-cache", credentials: "omit" });
      const now = answer.ok ? await answer.text() : count;
      if (now !== count) {
        count = now;
        happened = Date.now();
        await changed();
      }
    } catch { /* offline: asked again later */ }
    timer = setTimeout(ask, pause());
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  timer = setTimeout(ask, pause());
}
