// On a narrow sheet tabs scroll sideways: the current one is brought into view.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  tab.scrollIntoView({ block: "nearest", inline: "center" });
}
