// Opens <dialog id="x"> from any element with data-dialog="x"; the browser keeps and returns the focus.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (event.target.matches?.("dialog[open]") && outside(event)) event.target.close();
});

// A click on the backdrop lands on the dialog itself, but not within its box.
function outside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
