// The theme that the reader chose, before anything is drawn.
(() => {
  try {
    const chosen = localStorage.getItem("prunelit-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (error) { /* no storage: the system's theme */ }
})();
