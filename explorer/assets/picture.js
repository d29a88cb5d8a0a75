"use strict";
// Drawings as PNG, made when they are asked for: as files they would be a third of the site.
(() => {
  const { element } = window.prunelit;
  const SCALE = 2;

  /** The drawing as a document of its own: all of it, in its printed colours, on white, with the key of its marks. */
  function alone(drawing) {
    const copy = drawing.cloneNode(true);
    const [x, y, width, height] = (drawing.dataset.whole || drawing.getAttribute("viewBox")).split(" ").map(Number);
    const whole = Number(drawing.dataset.height) || height;
    copy.setAttribute("viewBox", [x, y, width, whole].join(" "));
    copy.setAttribute("width", width * SCALE);
    copy.setAttribute("height", whole * SCALE);
    copy.removeAttribute("class");
    copy.removeAttribute("style");
    copy.querySelector(".brush")?.remove();
    copy.querySelector(".key")?.removeAttribute("display");
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    Object.entries({ x, y, width, height: whole, fill: "#fff" }).forEach(([name, value]) => paper.setAttribute(name, value));
    copy.prepend(paper);
    return { text: new XMLSerializer().serializeToString(copy), width: width * SCALE, height: whole * SCALE };
  }

  function save(drawing, name) {
    const { text, width, height } = alone(drawing);
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = element("canvas", { width, height });
      canvas.getContext("2d").drawImage(image, 0, 0, width, height);
      element("a", { href: canvas.toDataURL("image/png"), download: name }).click();
    });
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  }

  for (const figure of document.querySelectorAll("figure[data-plot]")) {
    const drawing = figure.querySelector("svg.drawing");
    const svg = figure.querySelector(".downloads a");
    const name = svg.getAttribute("href").split("/").pop().replace(/\.svg$/, ".png");
    drawing.dataset.whole = drawing.getAttribute("viewBox");
    const button = element("button", { type: "button", textContent: "PNG" });
    button.addEventListener("click", () => save(drawing, name));
    svg.after(" ", button);
  }
})();
