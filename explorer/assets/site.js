// What every page does: the choice of light or dark.
(() => {
  const root = document.documentElement;
  const button = document.querySelector("button.theme");
  if (!button) return;
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => { button.textContent = isDark() ? "Light" : "Dark"; button.setAttribute("aria-label", isDark() ? "Light theme" : "Dark theme"); };
  button.hidden = false;
  label();
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch (error) { /* it holds for this page */ }
    label();
    document.dispatchEvent(new CustomEvent("prunelit:theme", { detail: root.dataset.theme }));
  });
})();
