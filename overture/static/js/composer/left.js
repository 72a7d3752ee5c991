// What is unsaved when one leaves a draft stays in this tab, and is given back when the draft is opened here again: a
// request sent while leaving may fail, be too large for the browser, or be answered after that page is drawn.
import { post, sayFailed } from "./post.js";

// The number of this tab. One that was duplicated has the same number, and the same clock.
export const tab = () => (sessionStorage.tab ??= crypto.getRandomValues(new Uint32Array(1))[0]);

export function keep(form, typed) {
  // Files were sent by themselves when they were chosen.
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  sessionStorage.setItem(form.dataset.save, JSON.stringify({ typed, version: form.dataset.version, fields }));
}

// Saves what the server lacks, and draws the page anew, files and checks with it: `drawn`, if it will be. What the server
// refuses is put into the form, `unsaved`, for whoever wrote it to mend. Else nothing was left.
export async function giveBack(form) {
  const left = JSON.parse(sessionStorage.getItem(form.dataset.save));
  const isLacking = Boolean(left) && lacks(form, left);
  if (isLacking && !(await save(form, left.fields))) {
    putBack(form, left.fields);  // and stays in the tab, too, until it is mended and saved
    return "unsaved";
  }
  sessionStorage.removeItem(form.dataset.save);
  if (!isLacking) return "";
  location.reload();
  return "drawn";
}

// What somebody else, or another tab, has saved since then stands.
function lacks({ dataset }, { typed, version }) {
  return dataset.tab === tab() ? typed > Number(dataset.typedAt) : version === dataset.version;
}

const WRITTEN = "textarea, select, input:not([type=hidden], [type=checkbox], [type=radio])";

function putBack(form, fields) {
  form.inert = false;
  for (const [name, value] of fields) {
    const field = form.elements[name];
    if (field?.matches?.(WRITTEN)) field.value = value;
  }
}

// Whether it was taken; tried until the server has said one or the other.
async function save(form, fields) {
  form.inert = true;
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (;;) {
    try {
      const { errors } = await post(form, body);
      return Object.keys(errors ?? {}).length === 0;
    } catch (error) {
      sayFailed();
      if (error.isRefusal) return false;
      await new Promise((go) => { setTimeout(go, 5000); });
    }
  }
}
