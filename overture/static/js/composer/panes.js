// On a narrow sheet the address names the pane that is seen; its tab says so.
export function panes() {
  const tabs = [...document.querySelectorAll("[data-panes] a")];
  const mark = () => {
    const shown = tabs.find((tab) => tab.hash === location.hash) ?? tabs[0];
    for (const tab of tabs) {
      if (tab === shown) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
  };
  addEventListener("hashchange", mark);
  mark();
}
