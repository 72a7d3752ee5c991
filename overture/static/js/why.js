// A button that cannot do anything says why.
import { toast } from "./toast.js";

document.addEventListener("click", ({ target }) => {
  const off = target.closest?.("button:is([data-why], [aria-disabled=true][aria-describedby])");
  if (off) toast(off.dataset.why ?? document.getElementById(off.getAttribute("aria-describedby")).textContent.trim());
});
