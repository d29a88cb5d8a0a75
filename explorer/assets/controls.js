"use strict";
// Controls over a table: search, filters with counts, order, choice of columns, and download; their state is in the
// address.  Texts come from records and are only ever set as text.
(() => {
  const prunelit = window.prunelit;
  const { UNKNOWN, isText, emptyState, folded, look, csv } = prunelit.view;
  const FEW = 12;
  const MOST = 150;

  /** An element with properties and children; a child that is no element becomes text. */
  function element(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in made && name !== "list") made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  /** A list that opens below its name. */
  const menu = (className, summary, ...children) =>
    element("details", { className }, summary, element("div", { className: "menu" }, ...children));

  const RESERVED = new Set(["q", "sort", "columns", "row"]);

  /** The state that the address holds for a table. */
  function stateIn(parameters, table, prefix) {
    const state = emptyState();
    const get = (name) => parameters.get(prefix + name);
    state.search = get("q") || "";
    const sort = get("sort");
    if (sort) state.sort = { name: sort.replace(/^-/, ""), descending: sort.startsWith("-") };
    const columns = get("columns");
    if (columns) state.shown = columns.split(",").filter((name) => table.columns.some((one) => one.name === name));
    state.row = get("row");
    for (const column of table.columns.filter((one) => !RESERVED.has(one.name))) {
      const given = parameters.getAll(prefix + column.name);
      // Nothing said means what is usual, such as headline results alone; nothing at all is said as an empty word.
      if (!given.length && column.usual?.length) state.words[column.name] = [...column.usual];
      else if (isText(column) && given.length) state.words[column.name] = given.filter(Boolean);
      else if (given.length) state.ranges[column.name] = rangeIn(given[0]);
    }
    return state;
  }

  /** `2..8`, `2..` and `..8` as a pair of ends; a single number stands for itself. */
  function rangeIn(text) {
    const parts = text.includes("..") ? text.split("..") : [text, text];
    return parts.map((part) => (part.trim() === "" || Number.isNaN(Number(part)) ? null : Number(part)));
  }

  /** The parameters of the address with the state of a table in them; those of others stay. */
  function withState(parameters, table, prefix, state) {
    const names = [...RESERVED, ...table.columns.map((column) => column.name)];
    names.forEach((name) => parameters.delete(prefix + name));
    if (state.search) parameters.set(`${prefix}q`, state.search);
    for (const column of table.columns.filter(isText)) {
      const [words, usual] = [state.words[column.name] || [], column.usual || []];
      if (words.join("\n") === usual.join("\n")) continue;
      (words.length ? words : [""]).forEach((word) => parameters.append(prefix + column.name, word));
    }
    for (const [name, ends] of Object.entries(state.ranges)) {
      if (ends.some((end) => end !== null)) parameters.set(prefix + name, ends.map((end) => end ?? "").join(".."));
    }
    if (state.sort) parameters.set(`${prefix}sort`, (state.sort.descending ? "-" : "") + state.sort.name);
    if (state.shown) parameters.set(`${prefix}columns`, state.shown.join(","));
    if (state.row) parameters.set(`${prefix}row`, state.row);
    return parameters;
  }

  /** Controls in `host` over a table that `renderer` draws; returns what plots need to follow and to steer them. */
  function explore(host, table, renderer) {
    const prefix = host.dataset.state ? `${host.dataset.state}.` : "";
    const usual = table.columns.filter((column) => !column.hidden).map((column) => column.name);
    const followers = [];
    let state = stateIn(prunelit.address.read(), table, prefix);
    let rows = [];

    const parts = [searchBox(), ...table.columns.map(filterOf).filter(Boolean), columnChoice()];
    const more = element("button", { type: "button", className: "all-filters", textContent: "More filters", ariaExpanded: "false" });
    const chips = element("ul", { className: "chips", ariaLabel: "Filters in use" });
    const count = element("output", { className: "count" });
    const reset = element("button", { type: "button", className: "reset", textContent: "Reset" });
    reset.addEventListener("click", () => change({ ...stateIn(new URLSearchParams(), table, ""), shown: state.shown }, true));
    const download = element("button", { type: "button", className: "download", textContent: "CSV of these rows" });
    download.addEventListener("click", () => save(csv(table, rows), host.dataset.file || "table.csv"));
    const bar = element("div", { className: "controls", role: "group", ariaLabel: `Filters of ${host.dataset.label || "the table"}` });
    more.addEventListener("click", () => {
      const all = bar.classList.toggle("all");
      more.ariaExpanded = String(all);
      more.textContent = all ? "Fewer filters" : "More filters";
    });
    bar.append(...parts.map((part) => part.box), more, reset, download);
    // A page may keep a place for them above a drawing that follows the same filters.
    (document.getElementById(host.dataset.controls) || host).prepend(bar, chips, count);

    function change(parts, pushed) {
      state = { ...state, ...parts };
      prunelit.address.write(withState(prunelit.address.read(), table, prefix, state), pushed);
      show();
    }

    function show() {
      const seen = look(table, state);
      rows = seen.rows;
      parts.forEach((part) => part.refresh(seen));
      count.textContent = `${rows.length.toLocaleString("en")} of ${table.rows.toLocaleString("en")} rows`;
      chips.replaceChildren(...chipsOf());
      chips.hidden = !chips.children.length;
      renderer.show(rows, state, state.shown || usual, order);
      followers.forEach((follower) => follower(rows, state));
    }

    /** Order by a column: rising, falling, then as the table has it. */
    function order(name) {
      const now = state.sort && state.sort.name === name ? state.sort : null;
      const column = table.columns.find((one) => one.name === name);
      const first = !isText(column);
      const next = !now ? { name, descending: first } : now.descending === first ? { name, descending: !first } : null;
      change({ sort: next }, true);
    }

    function chipsOf() {
      const labels = new Map(table.columns.map((column) => [column.name, column.label]));
      const chip = (text, without) => {
        const button = element("button", { type: "button", textContent: text, title: "Remove this filter" });
        button.addEventListener("click", () => change(without, true));
        return element("li", {}, button);
      };
      const made = [];
      if (state.search) made.push(chip(`“${state.search}”`, { search: "" }));
      for (const [name, words] of Object.entries(state.words)) {
        for (const word of words) {
          const rest = words.filter((one) => one !== word);
          made.push(chip(`${labels.get(name)}: ${word}`, { words: { ...state.words, [name]: rest } }));
        }
      }
      for (const [name, [low, high]] of Object.entries(state.ranges)) {
        if (low === null && high === null) continue;
        const text = `${labels.get(name)}: ${low ?? "…"} to ${high ?? "…"}`;
        made.push(chip(text, { ranges: { ...state.ranges, [name]: [null, null] } }));
      }
      return made;
    }

    function searchBox() {
      const input = element("input", { type: "search", placeholder: "Search these rows", ariaLabel: "Search these rows" });
      let waiting = 0;
      input.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => change({ search: input.value }, false), 120);
      });
      return { box: input, refresh: () => document.activeElement === input || (input.value = state.search) };
    }

    function filterOf(column) {
      if (column.facet) return facetOf(column);
      return isText(column) || column.range === false ? null : rangeOf(column);
    }

    function facetOf(column) {
      const summary = element("summary");
      const list = element("ul");
      const narrow = element("input", { type: "search", placeholder: "Find", ariaLabel: `Find in ${column.label}` });
      const box = menu("facet", summary, ...(column.words.length > FEW ? [narrow] : []), list);
      let counts = new Uint32Array(column.words.length + 1);
      const items = new Map();

      function choose(word, chosen) {
        const before = state.words[column.name] || [];
        const after = chosen ? [...before, word] : before.filter((one) => one !== word);
        change({ words: { ...state.words, [column.name]: after } }, true);
      }

      function item(word) {
        if (!items.has(word)) {
          const input = element("input", { type: "checkbox" });
          const number = element("span", { className: "number" });
          input.addEventListener("change", () => choose(word, input.checked));
          items.set(word, { input, number, li: element("li", {}, element("label", {}, input, ` ${word} `, number)) });
        }
        return items.get(word);
      }

      function fill() {
        if (!box.open) return;
        const part = folded(narrow.value);
        const chosen = new Set(state.words[column.name] || []);
        const known = [...column.words.keys()].map((code) => [column.words[code], counts[code + 1]]);
        const all = counts[0] || chosen.has(UNKNOWN) ? [...known, [UNKNOWN, counts[0]]] : known;
        const wanted = all.filter(([word]) => !part || folded(word).includes(part));
        const byYear = column.inOrder;
        if (!byYear) wanted.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
        const told = wanted.slice(0, MOST).map(([word, number]) => {
          const made = item(word);
          made.input.checked = chosen.has(word);
          made.number.textContent = number.toLocaleString("en");
          made.li.classList.toggle("none", number === 0);
          return made.li;
        });
        if (wanted.length > MOST) told.push(element("li", { textContent: `and ${wanted.length - MOST} more: find them by name` }));
        const focused = document.activeElement;
        list.replaceChildren(...told);
        if (list.contains(focused)) focused.focus();
      }

      narrow.addEventListener("input", fill);
      box.addEventListener("toggle", fill);
      const refresh = (seen) => {
        counts = seen.counts.get(column.name);
        const number = (state.words[column.name] || []).length;
        summary.textContent = number ? `${column.label} (${number})` : column.label;
        fill();
      };
      box.classList.toggle("rare", Boolean(column.hidden && !column.usual?.length));
      return { box, refresh };
    }

    function rangeOf(column) {
      const summary = element("summary");
      const ends = ["from", "to"].map((word) => element("input", { type: "number", step: "any", ariaLabel: `${column.label} ${word}` }));
      ends.forEach((input) =>
        input.addEventListener("change", () => {
          const values = ends.map((one) => (one.value === "" ? null : Number(one.value)));
          change({ ranges: { ...state.ranges, [column.name]: values } }, true);
        }),
      );
      const unit = column.unit ? ` (${column.unit})` : "";
      const box = menu("facet range", summary, element("p", {}, "from ", ends[0], " to ", ends[1], unit));
      const refresh = () => {
        const values = state.ranges[column.name] || [null, null];
        ends.forEach((input, at) => document.activeElement === input || (input.value = values[at] ?? ""));
        summary.textContent = values.some((value) => value !== null) ? `${column.label} (1)` : column.label;
      };
      box.classList.toggle("rare", Boolean(column.hidden));
      return { box, refresh };
    }

    function columnChoice() {
      const list = element("ul");
      const box = menu("facet choose", element("summary", { textContent: "Columns" }), list);
      const inputs = table.columns.filter((column) => column.name).map((column) => {
        const input = element("input", { type: "checkbox", value: column.name });
        input.addEventListener("change", () => {
          const shown = inputs.filter((one) => one.checked).map((one) => one.value);
          change({ shown: shown.join() === usual.join() ? null : shown }, true);
        });
        list.append(element("li", {}, element("label", { title: column.meaning || "" }, input, ` ${column.label}`)));
        return input;
      });
      const refresh = () => {
        const shown = new Set(state.shown || usual);
        inputs.forEach((input) => (input.checked = shown.has(input.value)));
      };
      return { box, refresh };
    }

    prunelit.address.onChange(() => {
      state = stateIn(prunelit.address.read(), table, prefix);
      show();
    });
    // One list is open at a time, and Escape closes it.
    bar.addEventListener("toggle", (event) => {
      if (event.target.open) bar.querySelectorAll("details[open]").forEach((one) => one === event.target || (one.open = false));
    }, true);
    const close = (event) => bar.querySelectorAll("details[open]").forEach((one) => one.contains(event.target) || (one.open = false));
    document.addEventListener("click", close);
    bar.addEventListener("keydown", (event) => {
      const open = event.key === "Escape" && event.target.closest("details[open]");
      if (!open) return;
      open.open = false;
      open.querySelector("summary").focus();
    });

    show();
    return {
      table,
      change,
      get state() { return state; },
      get rows() { return rows; },
      follow(follower) { followers.push(follower); follower(rows, state); },
    };
  }

  /** Offer a text as a file. */
  function save(text, name) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    element("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  prunelit.element = element;
  prunelit.explore = explore;
})();
