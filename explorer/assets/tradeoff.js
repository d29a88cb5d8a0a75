"use strict";
// Tradeoff plots: a brush sets the ranges of the table's filters, a name in the legend its filter by method, and a
// click on a mark leads to its row.
(() => {
  const prunelit = window.prunelit;
  const { element } = prunelit;
  const FEW = 12;
  const SMALLEST = 4;

  /** Positions in a drawing and values of its axes, from the ends that the drawing states. */
  function axis(drawing, name) {
    const [low, high, from, to] = drawing.dataset[name].split(" ").map(Number);
    const isLog = drawing.dataset[`${name}Scale`] === "log";
    const [bend, back] = isLog ? [Math.log, Math.exp] : [Number, Number];
    const share = (value) => (bend(value) - bend(low)) / (bend(high) - bend(low));
    return {
      at: (value) => from + share(value) * (to - from),
      value: (at) => back(bend(low) + ((at - from) / (to - from)) * (bend(high) - bend(low))),
      low, high, from, to,
    };
  }

  const rounded = (value) => Number(value.toPrecision(4));

  function enhance(figure, view) {
    const drawing = figure.querySelector("svg.drawing");
    const [x, y] = [axis(drawing, "x"), axis(drawing, "y")];
    const { xColumn, yColumn, metric } = drawing.dataset;
    drawing.querySelectorAll(".marks a").forEach((mark) => (mark.dataset.row = mark.getAttribute("href").slice(1)));
    prunelit.marks.connect(figure, view, { choose: (row) => prunelit.marks.goTo(view, row) });
    const brush = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    brush.setAttribute("class", "brush");
    drawing.append(brush);
    let start = null;

    function place(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
      const within = (value, one) => Math.min(Math.max(value, Math.min(one.from, one.to)), Math.max(one.from, one.to));
      return [within(point.x, x), within(point.y, y)];
    }

    function outline(one, other) {
      const [left, top] = [Math.min(one[0], other[0]), Math.min(one[1], other[1])];
      const size = { x: left, y: top, width: Math.abs(one[0] - other[0]), height: Math.abs(one[1] - other[1]) };
      Object.entries(size).forEach(([name, value]) => brush.setAttribute(name, value));
      brush.toggleAttribute("hidden", !size.width && !size.height);
    }

    drawing.addEventListener("pointerdown", (event) => {
      delete figure.dataset.dragged;
      if (event.button !== 0 || event.pointerType === "touch") return;
      start = place(event);
    });
    drawing.addEventListener("dragstart", (event) => event.preventDefault());
    drawing.addEventListener("pointermove", (event) => {
      if (!start) return;
      const here = place(event);
      if (!figure.dataset.dragged && Math.hypot(here[0] - start[0], here[1] - start[1]) < SMALLEST) return;
      figure.dataset.dragged = "yes";
      drawing.setPointerCapture(event.pointerId);
      outline(start, here);
    });
    drawing.addEventListener("pointerup", (event) => {
      if (start && figure.dataset.dragged) choose(start, place(event));
      start = null;
    });
    drawing.addEventListener("dblclick", clear);
    figure.addEventListener("keydown", (event) => event.key === "Escape" && clear());

    function choose(one, other) {
      const ends = (scale, a, b) => [scale.value(a), scale.value(b)].map(rounded).sort((p, q) => p - q);
      const ranges = { ...view.state.ranges, [xColumn]: ends(x, one[0], other[0]), [yColumn]: ends(y, one[1], other[1]) };
      view.change({ ranges, words: withMetric() }, true);
    }

    /** The metric of the plot among the filters, where the table holds several. */
    function withMetric() {
      const column = view.table.columns.find((one) => one.name === "metric");
      return column && column.words.length > 1 ? { ...view.state.words, metric: [metric] } : view.state.words;
    }

    function clear() {
      const ranges = { ...view.state.ranges };
      delete ranges[xColumn];
      delete ranges[yColumn];
      view.change({ ranges }, true);
    }

    view.follow((rows, state) => {
      figure.classList.toggle("narrowed", rows.length < view.table.rows);
      const ends = (scale, range) => (range || [null, null]).map((end, at) => scale.at(end === null ? (at ? scale.high : scale.low) : Math.min(Math.max(end, scale.low), scale.high)));
      const [across, up] = [state.ranges[xColumn], state.ranges[yColumn]];
      const told = [across, up].some((range) => range && range.some((end) => end !== null));
      if (!told) return outline([0, 0], [0, 0]);
      const [left, right] = ends(x, across);
      const [bottom, top] = ends(y, up);
      outline([left, bottom], [right, top]);
    });
    legend(figure, view);
  }

  /** Names that can be searched where they are many, point at the marks of their method, and filter the table by it. */
  function legend(figure, view) {
    const list = figure.querySelector(".legend");
    if (!list) return;
    const items = [...list.children];
    const name = list.dataset.column;
    const marksOf = new Map(items.map((item) => [item.dataset.word, []]));
    figure.querySelectorAll("[data-word]").forEach((one) => list.contains(one) || marksOf.get(one.dataset.word)?.push(one));
    for (const item of items) {
      const button = element("button", { type: "button", ariaPressed: "false" });
      button.append(...item.childNodes);
      item.append(button);
      const { word } = item.dataset;
      const point = (on) => {
        figure.classList.toggle("pointing", on);
        marksOf.get(word).forEach((mark) => mark.classList.toggle("pointed", on));
      };
      for (const [begin, end] of [["pointerenter", "pointerleave"], ["focus", "blur"]]) {
        button.addEventListener(begin, () => point(true));
        button.addEventListener(end, () => point(false));
      }
      button.addEventListener("click", () => {
        const before = view.state.words[name] || [];
        const after = before.includes(word) ? before.filter((one) => one !== word) : [...before, word];
        view.change({ words: { ...view.state.words, [name]: after } }, true);
      });
    }
    view.follow((_, state) => {
      const chosen = new Set(state.words[name] || []);
      items.forEach((item) => {
        item.firstElementChild.setAttribute("aria-pressed", String(chosen.has(item.dataset.word)));
      });
    });
    if (items.length <= FEW) return;
    const find = element("input", { type: "search", placeholder: `Find one of ${items.length} methods`, ariaLabel: "Find a method in the legend" });
    find.addEventListener("input", () => {
      const part = prunelit.view.folded(find.value);
      items.forEach((item) => (item.hidden = !prunelit.view.folded(item.dataset.word).includes(part)));
    });
    list.before(find);
  }

  /** One plot at a time, where there are several; which one is in the address. */
  function choice(figures) {
    if (figures.length < 2) return;
    const select = element("select", { ariaLabel: "Plot" });
    figures.forEach((figure) => select.append(element("option", { value: figure.id, textContent: figure.dataset.title })));
    const show = () => {
      const wanted = prunelit.address.read().get("plot");
      const shown = figures.find((figure) => figure.id === wanted) || figures[0];
      select.value = shown.id;
      figures.forEach((figure) => (figure.hidden = figure !== shown));
    };
    select.addEventListener("change", () => {
      const parameters = prunelit.address.read();
      if (select.value === figures[0].id) parameters.delete("plot");
      else parameters.set("plot", select.value);
      prunelit.address.write(parameters, true);
      show();
    });
    figures[0].before(element("label", { className: "choice" }, "Plot ", select));
    prunelit.address.onChange(show);
    show();
  }

  const figures = [...document.querySelectorAll("figure[data-plot='tradeoff']")];
  for (const figure of figures) {
    const view = prunelit.views[figure.dataset.of];
    if (view) enhance(figure, view);
  }
  choice(figures);
})();
