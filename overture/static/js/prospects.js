// The table of prospects: choosing rows, the record beside it, and the arrows that go from record to record.
import "./choosing.js";
import { here } from "./panel.js";

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [popover]:popover-open, dialog[open]")) return;
  const row = step > 0 ? here()?.nextElementSibling : here()?.previousElementSibling;
  if (!row || !document.querySelector("#side .slideover")) return;
  event.preventDefault();
  row.querySelector(".who a")?.click();
  row.scrollIntoView({ block: "nearest" });
});
