// Asks now and then whether anything changed, and says so. Often while something goes on here, seldom when nothing did for
// a while, and once a minute while nobody looks; less often where the server says so, or takes long to draw what is new.
const LIVELY = 4000;
const QUIET = 12000;
const HIDDEN = 60000;
const LASTS = 120000;
const LONGEST = 30000;

let happened = Date.now();
for (const type of ["keydown", "pointerdown"]) document.addEventListener(type, () => { happened = Date.now(); }, { passive: true, capture: true });

const wanted = () => (document.hidden ? HIDDEN : Date.now() - happened < LASTS ? LIVELY : QUIET);

export function watch(url, known, changed) {
  let count = String(known);
  let asked = Date.now();
  let soonest = 0;
  let timer;
  const pause = () => Math.max(wanted(), soonest);
  const ask = async () => {
    clearTimeout(timer);
    try {
      const waited = Math.round((Date.now() - asked) / 1000);
      asked = Date.now();
      const answer = await fetch(`${url}?after=${Math.min(waited, 999)}`, { cache: "no-store", credentials: "omit" });
      if (answer.ok) {
        const [now, seconds] = (await answer.text()).split(" ");
        soonest = Math.min(seconds * 1000, LONGEST);
        if (now !== count) {
          count = now;
          const began = happened = Date.now();
          await changed();
          soonest = Math.max(soonest, Math.min((Date.now() - began) * 10, LONGEST));
        }
      }
    } catch { /* offline: asked again later */ }
    clearTimeout(timer);
    timer = setTimeout(ask, pause());
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  timer = setTimeout(ask, pause());
}
