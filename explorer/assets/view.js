"use strict";
// Views of a table that is held column by column: which rows are left, in which order, how many of each word, and CSV.
//
// A column is { name, label, kind, facet, codes, words } for text and flags, where a code is the place of a word and -1
// is unknown, and { name, label, kind, values } for numbers ("number") and counts ("count"), where null is unknown.
(() => {
  const prunelit = (window.prunelit = window.prunelit || {});
  const UNKNOWN = "unknown";
  const RUN = /^['=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
  const NUMBER = /^[-+]?[0-9][0-9,]*(\.[0-9]+)?([eE][-+]?[0-9]+)?%?$/;

  const isText = (column) => column.words !== undefined;
  const wordAt = (column, row) => (column.codes[row] < 0 ? null : column.words[column.codes[row]]);
  /** What a cell holds: a text, a number, or null where it is unknown. */
  const cell = (column, row) => (isText(column) ? wordAt(column, row) : column.values[row]);

  /** An empty state: everything is shown, in the order of the table. */
  const emptyState = () => ({ search: "", words: {}, ranges: {}, sort: null, shown: null });

  const folded = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  /** For each row whether every part of what is searched for stands in one of its texts. */
  function found(table, search) {
    const parts = folded(search).split(/\s+/).filter(Boolean);
    if (!parts.length) return null;
    const hits = parts.map(() => new Uint8Array(table.rows));
    for (const column of table.columns.filter((one) => isText(one) && one.kind !== "link")) {
      const words = column.words.map(folded);
      parts.forEach((part, at) => {
        const told = words.map((word) => word.includes(part));
        const hit = hits[at];
        for (let row = 0; row < table.rows; row++) if (column.codes[row] >= 0 && told[column.codes[row]]) hit[row] = 1;
      });
    }
    return (row) => hits.every((hit) => hit[row]);
  }

  /** Tests by column: what a row must fulfil to be shown. */
  function tests(table, state) {
    const made = [];
    for (const column of table.columns) {
      const chosen = state.words[column.name];
      const range = state.ranges[column.name];
      if (isText(column) && chosen && chosen.length) {
        const wanted = new Set(chosen);
        const told = column.words.map((word) => wanted.has(word));
        const unknown = wanted.has(UNKNOWN);
        made.push([column.name, (row) => (column.codes[row] < 0 ? unknown : told[column.codes[row]])]);
      } else if (!isText(column) && range) {
        const [low, high] = range;
        const within = (value) => (low === null || value >= low) && (high === null || value <= high);
        made.push([column.name, (row) => column.values[row] !== null && within(column.values[row])]);
      }
    }
    const search = found(table, state.search);
    if (search) made.push(["", search]);
    return made;
  }

  /** The rows that are left, in order, and how many rows each word of each facet would leave. */
  function look(table, state) {
    const asked = tests(table, state);
    const facets = table.columns.filter((column) => column.facet);
    const counts = new Map(facets.map((column) => [column.name, new Uint32Array(column.words.length + 1)]));
    const left = [];
    for (let row = 0; row < table.rows; row++) {
      let failed = null;
      let failures = 0;
      for (const [name, test] of asked) {
        if (test(row)) continue;
        failed = name;
        if (++failures > 1) break;
      }
      if (failures > 1) continue;
      if (failures === 0) left.push(row);
      for (const column of facets) {
        // Counts of a facet do not depend on what is chosen in it, so that more can be chosen.
        if (failures === 0 || failed === column.name) counts.get(column.name)[column.codes[row] + 1]++;
      }
    }
    return { rows: sorted(table, state.sort, left), counts };
  }

  /** Rows in the order of a column; unknown ones come last either way. */
  function sorted(table, sort, rows) {
    const column = sort && table.columns.find((one) => one.name === sort.name);
    if (!column) return rows;
    const sign = sort.descending ? -1 : 1;
    const keys = isText(column) ? ranks(column) : column.values;
    const key = (row) => (isText(column) ? (column.codes[row] < 0 ? null : keys[column.codes[row]]) : keys[row]);
    return rows.sort((one, other) => {
      const [a, b] = [key(one), key(other)];
      if (a === null || b === null) return (a === null) - (b === null) || one - other;
      return sign * (a - b) || one - other;
    });
  }

  /** The place of each word in the alphabet, numbers in it by their size. */
  function ranks(column) {
    const collator = new Intl.Collator("en", { numeric: true });
    const order = column.words.map((_, at) => at).sort((a, b) => collator.compare(column.words[a], column.words[b]));
    const rank = new Array(order.length);
    order.forEach((at, place) => (rank[at] = place));
    return rank;
  }

  /** A text as a cell that no spreadsheet runs: the same rule as of `prunelit.analysis.spreadsheet`. */
  const neutral = (text) => (RUN.test(text) && !NUMBER.test(text) ? `'${text}` : text);
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

  /** A number with the digits that Python writes: 76.0, 1e-05. */
  function float(value) {
    const size = Math.abs(value);
    if (value !== 0 && (size >= 1e16 || size < 1e-4)) {
      const [digits, power] = value.toExponential().split("e");
      return `${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
    }
    return Number.isInteger(value) ? `${Object.is(value, -0) ? "-0" : value}.0` : String(value);
  }

  function written(column, row) {
    const value = cell(column, row);
    if (value === null) return "";
    if (column.kind === "number") return float(value);
    return isText(column) && column.kind !== "flag" ? quoted(neutral(value)) : String(value);
  }

  /** Rows as comma-separated values, byte for byte as Python writes them. */
  function csv(table, rows) {
    const columns = table.columns.filter((column) => column.name);
    const head = columns.map((column) => quoted(neutral(column.name))).join(",");
    const lines = rows.map((row) => columns.map((column) => written(column, row)).join(","));
    return `${[head, ...lines].join("\n")}\n`;
  }

  prunelit.view = { UNKNOWN, isText, cell, emptyState, folded, look, csv };
})();
