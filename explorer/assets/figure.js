"use strict";
// A figure drawn by Vega.  Its expressions are interpreted, never compiled, so that the page's policy holds; what a mark
// is stands beside the drawing, so that nothing covers what it explains.
(() => {
  const figure = document.querySelector("figure[data-plot='vega']");
  const canvas = figure.querySelector(".canvas");
  const readout = figure.querySelector(".readout");
  const hint = [...readout.childNodes];
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const papers = read("papers");
  const FEW = 12;
  // Vega also warns of what is meant, such as a legend that one of two layers goes without.
  const ERRORS = 1;
  let kept = null;

  function told(values, datum) {
    const list = document.createElement("dl");
    for (const [name, value] of Object.entries(values || {})) {
      if (value === null || value === "null" || value === "") continue;
      const [term, text] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      text.textContent = value;
      list.append(term, text);
    }
    const page = papers[datum?.paper_id];
    if (!page) return [list];
    const link = document.createElement("a");
    link.href = page;
    link.textContent = "The paper, with all its numbers and their sources";
    return [list, link];
  }

  /** Methods by name, to be found where they are many: pointing at one fades all others, in every panel. */
  function legend(svg) {
    const marks = [...svg.querySelectorAll(".mark-symbol path, .mark-line path")].map((path) => {
      const item = path.__data__;
      return [path, (item?.datum || item?.items?.[0]?.datum)?.method_label];
    });
    const names = [...new Set(marks.map(([, name]) => name).filter(Boolean))].sort();
    if (names.length <= FEW) return;
    const fade = (name) => marks.forEach(([path, own]) => path.classList.toggle("faded", Boolean(name && own && own !== name)));
    const list = document.createElement("ul");
    list.className = "legend";
    for (const name of names) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: name, ariaPressed: "false" });
      const point = () => fade(name);
      const leave = () => fade(list.querySelector("[aria-pressed='true']")?.textContent);
      [["pointerenter", point], ["focus", point], ["pointerleave", leave], ["blur", leave]].forEach((one) => button.addEventListener(...one));
      button.addEventListener("click", () => {
        const on = button.ariaPressed !== "true";
        list.querySelectorAll("button").forEach((one) => (one.ariaPressed = "false"));
        button.ariaPressed = String(on);
        leave();
      });
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    }
    const find = document.createElement("input");
    Object.assign(find, { type: "search", placeholder: `Find one of ${names.length} methods`, ariaLabel: "Find a method" });
    find.addEventListener("input", () => {
      for (const item of list.children) item.hidden = !item.textContent.toLowerCase().includes(find.value.toLowerCase());
    });
    figure.querySelector(".aside").append(find, list);
  }

  /** A button for the drawing as PNG, which is made when it is asked for: as files they would be large. */
  function offerPicture(view) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: "PNG" });
    button.addEventListener("click", async () => {
      const link = document.createElement("a");
      Object.assign(link, { href: await view.toImageURL("png", 2), download: `${figure.dataset.file}.png` });
      link.click();
    });
    figure.querySelector(".downloads").append(button);
  }

  const show = (parts) => readout.replaceChildren(...(parts || kept || hint));

  const options = {
    mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false, logLevel: ERRORS,
    tooltip: (handler, event, item, value) => show(value ? told(value, item?.datum) : null),
  };
  const drawn = document.createElement("div");
  window.vegaEmbed(drawn, read("spec"), options).then(({ view }) => {
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", canvas.querySelector("img").alt);
    // The words stand for the whole; names of single marks would be heard beside them.
    drawn.querySelector("svg").setAttribute("aria-hidden", "true");
    canvas.replaceChildren(drawn);
    figure.classList.add("drawn");
    legend(drawn);
    offerPicture(view);
    view.addEventListener("click", (event, item) => {
      kept = item?.datum?.paper_id && item.tooltip ? told(item.tooltip, item.datum) : null;
      show(null);
    });
  });
})();
