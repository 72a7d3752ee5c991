// A thread that is open, on both sides: new messages come in without a reload, and the reader stays where they read.
export const stream = () => document.getElementById("stream");

// The newest entries anew, from the first one shown on, if the thread changed.
export async function refresh() {
  const newest = document.getElementById("newest");
  const url = stream()?.dataset.stream;
  if (!url || !newest || newest.querySelector("form")) return;
  const seen = document.hidden ? "" : "&seen=1";
  await htmx.ajax("GET", `${url}?version=${newest.dataset.version}&since=${encodeURIComponent(newest.dataset.since)}${seen}`, { target: newest, swap: "outerHTML" });
}

// The scroll begins at the end (column-reverse): its position counts backwards and stays where it was.
let kept = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => { if (detail.target?.id === "newest") kept = stream()?.scrollTop ?? null; });
document.addEventListener("htmx:afterSwap", () => {
  if (kept !== null && kept < -40 && stream()) stream().scrollTop = kept;
  kept = null;
});

// A page of its own address, not seen while hidden, is read once somebody looks.
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
