"use strict";
// The comparison graph: zoom and pan, the neighbours of a chosen paper, and its rows' filters.
(() => {
  const prunelit = window.prunelit;
  const { element } = prunelit;
  const STEP = 1.4;
  const CLOSEST = 12;

  function enhance(figure, view) {
    const drawing = figure.querySelector("svg.drawing");
    const whole = drawing.viewBox.baseVal;
    const full = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
    let seen = { ...full };
    const lines = [...drawing.querySelectorAll("[data-from]")];
    const nodes = new Map([...drawing.querySelectorAll("[data-row]")].map((node) => [node.dataset.row, node]));
    
    function look(next) {
      const width = Math.min(Math.max(next.width, full.width / CLOSEST), full.width);
      const height = (width / full.width) * full.height;
      const within = (value, low, high) => Math.min(Math.max(value, low), high);
      seen = {
        width, height,
        x: within(next.x, full.x, full.x + full.width - width),
        y: within(next.y, full.y, full.y + full.height - height),
      };
      drawing.setAttribute("viewBox", [seen.x, seen.y, seen.width, seen.height].join(" "));
      drawing.style.setProperty("--zoom", String(full.width / seen.width));
    }

    /** Zoom by a factor around a place of the drawing, by default its middle. */
    function zoom(factor, at = [seen.x + seen.width / 2, seen.y + seen.height / 2]) {
      const width = Math.min(Math.max(seen.width / factor, full.width / CLOSEST), full.width);
      const share = width / seen.width;
      look({ width, x: at[0] - (at[0] - seen.x) * share, y: at[1] - (at[1] - seen.y) * share });
    }

    function place(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
      return [point.x, point.y];
    }

    drawing.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey && seen.width === full.width && event.deltaY > 0) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, place(event));
    }, { passive: false });

    let held = null;
    drawing.addEventListener("pointerdown", (event) => {
      delete figure.dataset.dragged;
      if (event.button !== 0) return;
      held = { x: event.clientX, y: event.clientY, seen: { ...seen } };
    });
    drawing.addEventListener("dragstart", (event) => event.preventDefault());
    drawing.addEventListener("pointermove", (event) => {
      if (!held || seen.width === full.width) return;
      const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
      if (!figure.dataset.dragged && Math.hypot(dx, dy) < 4) return;
      figure.dataset.dragged = "yes";
      drawing.setPointerCapture(event.pointerId);
      const unit = seen.width / drawing.clientWidth;
      look({ ...held.seen, x: held.seen.x - dx * unit, y: held.seen.y - dy * unit });
    });
    for (const name of ["pointerup", "pointercancel"]) drawing.addEventListener(name, () => (held = null));

    /** Show the neighbours of a paper in the drawing. */
    function choose(id) {
      const near = new Set([id]);
      for (const line of lines) {
        const touched = line.dataset.from === id || line.dataset.to === id;
        line.classList.toggle("near", touched);
        if (touched) near.add(line.dataset.from).add(line.dataset.to);
      }
      for (const [name, node] of nodes) node.classList.toggle("near", near.has(name));
      figure.classList.add("chosen");
    }

    /** The neighbours of a paper as lists, from which the next can be chosen. */
    function neighbours(row) {
      const { id } = view.trs[row];
      const names = (picked) => element("ul", {}, ...picked.map((other) => {
        const button = element("button", { type: "button", textContent: label(other) });
        button.addEventListener("click", () => view.change({ row: other }, true));
        return element("li", {}, button);
      }));
      const out = lines.filter((line) => line.dataset.from === id).map((line) => line.dataset.to);
      const into = lines.filter((line) => line.dataset.to === id).map((line) => line.dataset.from);
      const page = view.trs[row].querySelector("a");
      return [
        element("h3", {}, element("a", { href: page.getAttribute("href"), textContent: label(id) })),
        element("p", { textContent: page.textContent }),
        element("h4", { textContent: `Compares to (${out.length})` }), names(out),
        element("h4", { textContent: `Compared to by (${into.length})` }), names(into),
      ];
    }

    const label = (id) => nodes.get(id)?.dataset.label || id;

    function nothing() {
      figure.classList.remove("chosen");
      drawing.querySelectorAll(".near").forEach((one) => one.classList.remove("near"));
    }

    prunelit.marks.connect(figure, view, { write: neighbours });
    view.follow((rows, state) => {
      const left = new Set(rows.map((row) => view.trs[row].id));
      lines.forEach((line) => line.classList.toggle("away", !left.has(line.dataset.from) || !left.has(line.dataset.to)));
      if (state.row && view.rowOf.has(state.row)) choose(state.row);
      else nothing();
    });

    const buttons = [["Zoom in", () => zoom(STEP)], ["Zoom out", () => zoom(1 / STEP)], ["Whole graph", () => look({ ...full })]];
    const bar = element("div", { className: "zoom", role: "group", ariaLabel: "Zoom" });
    for (const [text, act] of buttons) {
      const button = element("button", { type: "button", textContent: text });
      button.addEventListener("click", act);
      bar.append(button);
    }
    drawing.before(bar);
    figure.addEventListener("keydown", (event) => {
      if (event.key === "Escape") view.change({ row: null }, true);
      else if (event.target.closest("svg") && (event.key === "+" || event.key === "-")) zoom(event.key === "+" ? STEP : 1 / STEP);
    });
    // The paper that has the keyboard stays in sight.
    drawing.addEventListener("focusin", (event) => {
      const circle = event.target.querySelector("circle");
      if (!circle || seen.width === full.width) return;
      look({ ...seen, x: circle.cx.baseVal.value - seen.width / 2, y: circle.cy.baseVal.value - seen.height / 2 });
    });
  }

  for (const figure of document.querySelectorAll("figure[data-plot='graph']")) {
    const view = prunelit.views[figure.dataset.of];
    if (view) enhance(figure, view);
  }
})();
