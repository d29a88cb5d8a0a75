"use strict";
// Drawings whose marks are rows of a table: what the table leaves out fades, and a mark tells what its row holds beside
// the drawing, never above it, and leads to the row and its source.
(() => {
  const prunelit = window.prunelit;
  const { element } = prunelit;
  const { cell } = prunelit.view;
  // Pages of the site are named from where the page is; sources alone in full.
  const SOURCE = "a[href^='http']";

  /** What a row holds, as a list of terms, with links to its source and to its place in the table. */
  function told(view, row) {
    const shown = new Set(view.state.shown || view.table.columns.filter((one) => !one.hidden).map((one) => one.name));
    const list = element("dl");
    for (const column of view.table.columns) {
      const value = column.name && cell(column, row);
      if (value === null || value === "" || column.kind === "link" || !shown.has(column.name)) continue;
      const at = view.table.columns.indexOf(column);
      list.append(element("dt", { textContent: column.label }), element("dd", { textContent: view.trs[row].cells[at].textContent.trim() || value }));
    }
    return list;
  }

  function linksOf(view, row) {
    const source = [...view.trs[row].querySelectorAll(SOURCE)].map((link) => link.cloneNode(true));
    const there = element("a", { href: `#${view.trs[row].id}`, textContent: "Row in the table" });
    there.addEventListener("click", (event) => {
      event.preventDefault();
      goTo(view, row);
    });
    return element("p", { className: "links" }, ...source.flatMap((link) => [link, " · "]), there);
  }

  /** Bring a row of the table into sight, and put the keyboard there. */
  function goTo(view, row) {
    const tr = view.trs[row];
    tr.scrollIntoView({ block: "center" });
    const target = tr.querySelector(SOURCE) || tr.querySelector("a");
    if (target) target.focus({ preventScroll: true });
  }

  /** Connect the marks of a figure with the rows of a view.
   *
   * `write` makes what is told of a row; `choose` is called with the row of a mark that is clicked.
   */
  function connect(figure, view, { choose = () => {}, write = (row) => [told(view, row), linksOf(view, row)] } = {}) {
    const readout = figure.querySelector(".readout");
    const hint = [...readout.childNodes];
    const marks = new Map();
    for (const mark of figure.querySelectorAll("[data-row]")) {
      const row = view.rowOf.get(mark.dataset.row);
      if (row === undefined) continue;
      if (!marks.has(row)) marks.set(row, []);
      marks.get(row).push(mark);
    }
    const rowAt = (target) => view.rowOf.get(target.closest?.("[data-row]")?.dataset.row);
    let toldRow;
    const tell = (row) => {
      // What is told stays as it is: a button that is replaced while it is pressed would never be clicked.
      if (row !== toldRow) readout.replaceChildren(...(row === undefined ? hint : write(row)));
      toldRow = row;
    };
    const chosen = () => (view.state.row ? view.rowOf.get(view.state.row) : undefined);

    function point(row, on) {
      for (const mark of marks.get(row) || []) mark.classList.toggle("pointed", on);
    }

    for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
      figure.addEventListener(begin, (event) => {
        const row = rowAt(event.target);
        if (row === undefined) return;
        point(row, true);
        tell(row);
      });
      figure.addEventListener(end, (event) => {
        const row = rowAt(event.target);
        if (row === undefined) return;
        point(row, false);
        if (chosen() !== undefined) tell(chosen());
      });
    }

    figure.addEventListener("click", (event) => {
      const row = rowAt(event.target);
      if (row === undefined) return;
      event.preventDefault();
      if (figure.dataset.dragged) return;
      view.change({ row: view.trs[row].id }, true);
      choose(row);
    });

    // One mark is in the order of the tab key; arrow keys lead to the others that are shown.
    const all = [...figure.querySelectorAll("[data-row]")];
    all.forEach((mark, at) => mark.setAttribute("tabindex", at ? "-1" : "0"));
    figure.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const from = all.indexOf(event.target);
      if (!step || from < 0) return;
      event.preventDefault();
      let at = from + step;
      while (all[at] && all[at].classList.contains("away")) at += step;
      if (!all[at]) return;
      all[from].setAttribute("tabindex", "-1");
      all[at].setAttribute("tabindex", "0");
      all[at].focus();
    });

    let before;
    view.follow((rows) => {
      const left = new Set(rows);
      const now = chosen();
      for (const [row, here] of marks) {
        for (const mark of here) {
          mark.classList.toggle("away", !left.has(row));
          mark.classList.toggle("chosen", row === now);
        }
      }
      if (now !== before) tell(now);
      before = now;
    });
  }

  prunelit.marks = { connect, goTo };
})();
