"use strict";
// A table too long for a page: its columns come from a script beside it, and only the rows in sight are drawn.
(() => {
  const prunelit = window.prunelit;
  const { element } = prunelit;
  const { cell, isText } = prunelit.view;
  const ROW = 34;
  const BEYOND = 12;

  function shown(column, row) {
    const value = cell(column, row);
    if (value === null) return "";
    if (column.kind === "count") return value.toLocaleString("en", { useGrouping: value > 9999 });
    if (column.kind === "number") return value.toLocaleString("en", { maximumFractionDigits: 3, useGrouping: Math.abs(value) > 9999 });
    return value;
  }

  /** A link to a page of the site, or to an address of the web; what else a record says stays text. */
  function content(column, row) {
    const value = cell(column, row);
    if (value === null) return "";
    const page = column.links && column.links[column.codes[row]];
    if (page) return element("a", { href: page, textContent: column.kind === "link" ? "source" : value });
    if (column.kind !== "link" || !/^https?:\/\//.test(value)) return shown(column, row);
    return element("a", { href: value, rel: "noopener noreferrer", className: "out", textContent: "source" });
  }

  /** A column that names the places of its known cells, cell by cell. */
  function whole(column, rows) {
    if (!column.at) return column;
    const cells = isText(column) ? new Int32Array(rows).fill(-1) : new Array(rows).fill(null);
    const known = isText(column) ? column.codes : column.values;
    column.at.forEach((row, at) => (cells[row] = known[at]));
    return { ...column, [isText(column) ? "codes" : "values"]: cells };
  }

  function draw(host, table) {
    const drawn = element("table");
    const head = drawn.createTHead().insertRow();
    const body = drawn.createTBody();
    const box = element("div", { className: "rows", tabIndex: 0, role: "region", ariaLabel: host.dataset.label || "Rows" }, drawn);
    host.append(box);
    let rows = [];
    let names = [];
    let drawnFrom = -1;
    let drawnTo = -1;

    function paint(anew) {
      const from = Math.max(0, Math.floor(box.scrollTop / ROW) - BEYOND);
      const to = Math.min(rows.length, Math.ceil((box.scrollTop + box.clientHeight) / ROW) + BEYOND);
      if (!anew && from === drawnFrom && to === drawnTo) return;
      [drawnFrom, drawnTo] = [from, to];
      const columns = names.map((name) => table.columns.find((one) => one.name === name));
      const made = rows.slice(from, to).map((row, at) => {
        const tr = element("tr");
        tr.setAttribute("aria-rowindex", String(from + at + 2));
        for (const column of columns) {
          const td = element("td", { className: isText(column) ? "" : "num" });
          td.append(content(column, row));
          if (isText(column)) td.title = cell(column, row) ?? "";
          tr.append(td);
        }
        return tr;
      });
      body.replaceChildren(space(from), ...made, space(rows.length - to));
    }

    function space(number) {
      const tr = element("tr", { className: "space", ariaHidden: "true" });
      const td = tr.insertCell();
      td.colSpan = Math.max(names.length, 1);
      td.style.height = `${number * ROW}px`;
      return tr;
    }

    function show(left, state, chosen, order) {
      const anew = names.join() !== chosen.join();
      [rows, names] = [left, chosen];
      drawn.setAttribute("aria-rowcount", String(rows.length + 1));
      if (anew || !head.cells.length) fillHead(order);
      for (const th of head.cells) {
        const sort = state.sort && state.sort.name === th.dataset.name ? state.sort : null;
        if (sort) th.setAttribute("aria-sort", sort.descending ? "descending" : "ascending");
        else th.removeAttribute("aria-sort");
      }
      box.scrollTop = 0;
      paint(true);
    }

    function fillHead(order) {
      head.replaceChildren(
        ...names.map((name) => {
          const column = table.columns.find((one) => one.name === name);
          const button = element("button", { type: "button", className: "sort", textContent: column.label });
          button.addEventListener("click", () => order(name));
          const unit = column.unit ? ` (${column.unit})` : "";
          const th = element("th", { scope: "col", title: `${column.meaning || column.label}${unit}` }, button);
          th.dataset.name = name;
          return th;
        }),
      );
    }

    let waiting = false;
    box.addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        paint(false);
      });
    });
    return { show };
  }

  /** What a script beside the page holds: JSON, compressed and in base 64. */
  async function unpacked(text) {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  async function begin(host) {
    const packed = (prunelit.tables || {})[host.dataset.table];
    if (!packed) return;
    const given = await unpacked(packed);
    const table = { rows: given.rows, columns: given.columns.map((column) => whole(column, given.rows)) };
    host.querySelector(".loading")?.remove();
    prunelit.views[host.id] = prunelit.explore(host, table, draw(host, table));
    host.classList.add("enhanced");
    performance.mark(`usable:${host.id}`);
  }

  prunelit.views = prunelit.views || {};
  for (const host of document.querySelectorAll("[data-explore='columns']")) begin(host);
})();
