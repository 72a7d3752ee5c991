// Sends a draft to be saved, and says what became of it.
const note = document.querySelector("[data-saved]");

// Answers what the server says; `isOver`: the e-mail was sent, and nothing more is saved.
export async function post(form, body) {
  const answer = await fetch(form.dataset.save, {
    method: "POST", body, headers: { "X-Requested-With": "fetch", Accept: "application/json" },
  });
  const isOver = answer.status === 409;
  if (!answer.ok && !isOver) throw new Error(String(answer.status));
  return { ...(await answer.json()), isOver };
}

export function say(words) {
  if (note && note.textContent !== words) note.textContent = words;
}

export const sayFailed = () => say(note?.dataset.failed);
