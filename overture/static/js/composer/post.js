// Sends a draft to be saved, and says what became of it.
const note = document.querySelector("[data-saved]");

// Answers what the server says; `isOver`: the e-mail was sent, and nothing more is saved. An error whose `isRefusal` is
// true comes of what was sent (too large) or of who sent it (signed out): the same again would be refused again.
export async function post(form, body) {
  const answer = await fetch(form.dataset.save, {
    method: "POST", body, headers: { "X-Requested-With": "fetch", Accept: "application/json" },
  });
  const isOver = answer.status === 409;
  const isElsewhere = answer.redirected;  // to the sign-in
  if ((!answer.ok && !isOver) || isElsewhere) {
    throw Object.assign(new Error(String(answer.status)), { isRefusal: isElsewhere || isRefusal(answer.status) });
  }
  return { ...(await answer.json()), isOver };
}

const isRefusal = (status) => status >= 400 && status < 500 && status !== 408 && status !== 429;

export function say(words) {
  if (note && note.textContent !== words) note.textContent = words;
}

export const sayFailed = () => say(note?.dataset.failed);
