// The theme that the reader chose, before anything is drawn.  The documentation keeps it under the same name, so that a
// choice holds there and here; its "auto" is the system's theme.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (error) { /* no storage: the system's theme */ }
})();
