// Names the chosen file and lights the frame while one is dragged over it.
document.addEventListener("change", ({ target }) => {
  const name = target.closest?.(".filedrop")?.querySelector("[data-file-name]");
  if (name && target.files?.length) name.textContent = [...target.files].map((file) => file.name).join(", ");
});
for (const [type, over] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(type, ({ target }) => target.closest?.(".filedrop")?.toggleAttribute("data-over", over));
}
