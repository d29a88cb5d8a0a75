"use strict";
// Tables of a page: what stands in their cells becomes columns that can be searched, filtered, ordered and downloaded.
(() => {
  const prunelit = window.prunelit;
  const { element } = prunelit;

  /** What a cell holds: what its `data-value` says, else where it leads if it is a link, else its text. */
  function held(cell, kind) {
    const link = kind === "link" ? cell.querySelector("a")?.getAttribute("href") : null;
    return cell.dataset.value ?? link ?? cell.textContent.trim();
  }

  /** The columns of a table element; a cell without any text holds nothing. */
  function columnsOf(heads, trs) {
    return heads.map((head, at) => {
      const { name, kind = "text", unit = "" } = head.dataset;
      head.title ||= prunelit.meanings?.[name] ?? "";
      const texts = trs.map((tr) => held(tr.cells[at], kind));
      const column = {
        name: name || "", label: head.textContent.trim(), kind, unit, meaning: head.title,
        facet: "facet" in head.dataset, inOrder: head.dataset.facet === "order", hidden: "hidden" in head.dataset,
        range: "range" in head.dataset,
      };
      if (kind === "number" || kind === "count") {
        return { ...column, values: texts.map((text) => (text === "" ? null : Number(text))) };
      }
      const words = [...new Set(texts.filter((text) => text !== ""))];
      if (column.inOrder) words.sort();
      const code = new Map(words.map((word, place) => [word, place]));
      return { ...column, words, codes: texts.map((text) => code.get(text) ?? -1) };
    });
  }

  function enhance(host) {
    const drawn = host.querySelector("table");
    const heads = [...drawn.tHead.rows[0].cells];
    const body = drawn.tBodies[0];
    const trs = [...body.rows];
    const table = { columns: columnsOf(heads, trs), rows: trs.length };
    const cells = heads.map((head, at) => [head, ...trs.map((tr) => tr.cells[at])]);
    const buttons = new Map();
    let shownBefore = "";
    let orderRows = null;

    heads.forEach((head, at) => {
      if (!head.dataset.name) return;
      const button = element("button", { type: "button", className: "sort", textContent: head.textContent.trim() });
      button.addEventListener("click", () => orderRows(table.columns[at].name));
      head.replaceChildren(button);
      buttons.set(head.dataset.name, head);
    });

    function show(rows, state, shown, order) {
      orderRows = order;
      if (shown.join() !== shownBefore) {
        shownBefore = shown.join();
        cells.forEach((column, at) => {
          const away = table.columns[at].name !== "" && !shown.includes(table.columns[at].name);
          column.forEach((one) => (one.hidden = away));
        });
      }
      const left = new Set(rows);
      trs.forEach((tr, row) => (tr.hidden = !left.has(row)));
      body.append(...rows.map((row) => trs[row]));
      trs.forEach((tr) => tr.classList.toggle("chosen", Boolean(state.row) && tr.id === state.row));
      for (const [name, head] of buttons) {
        const sort = state.sort && state.sort.name === name ? state.sort : null;
        if (sort) head.setAttribute("aria-sort", sort.descending ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      }
    }

    const view = prunelit.explore(host, table, { show });
    view.trs = trs;
    view.rowOf = new Map(trs.map((tr, row) => [tr.id, row]));
    return view;
  }

  prunelit.views = {};
  for (const host of document.querySelectorAll("[data-explore='table']")) {
    prunelit.views[host.id] = enhance(host);
    host.classList.add("enhanced");
  }
})();
