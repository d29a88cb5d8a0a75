"use strict";
// Drawings as files, made when they are asked for: kept as files they would be a third of the site.
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
    const key = copy.querySelector(".key");
    key?.removeAttribute("display");
    if (key) colour(copy, key);
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    Object.entries({ x, y, width, height: whole, fill: "#fff" }).forEach(([name, value]) => paper.setAttribute(name, value));
    copy.prepend(paper);
    for (const mark of copy.querySelectorAll("a[href^='#']")) {
      const source = document.getElementById(mark.getAttribute("href").slice(1))?.querySelector("a[href^='http']");
      if (source) mark.setAttribute("href", source.href);
      else mark.removeAttribute("href");
    }
    return { text: new XMLSerializer().serializeToString(copy), width: width * SCALE, height: whole * SCALE };
  }

  /** Give marks and lines the printed colours of the key: on the page they have those of its theme, by their classes. */
  function colour(copy, key) {
    for (const sign of key.querySelectorAll(".sign")) {
      for (const mark of copy.querySelectorAll(`.marks [class="${sign.getAttribute("class")}"]`)) {
        for (const name of ["fill", "stroke", "stroke-width"]) if (sign.hasAttribute(name)) mark.setAttribute(name, sign.getAttribute(name));
      }
      for (const line of copy.querySelectorAll(`.lines .${sign.classList[1]}`)) line.setAttribute("stroke", sign.getAttribute("stroke"));
    }
  }

  function hand(address, name) {
    element("a", { href: address, download: name }).click();
  }

  function saveDrawing(drawing, name) {
    const address = URL.createObjectURL(new Blob([alone(drawing).text], { type: "image/svg+xml" }));
    hand(address, `${name}.svg`);
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  function savePicture(drawing, name) {
    const { text, width, height } = alone(drawing);
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = element("canvas", { width, height });
      canvas.getContext("2d").drawImage(image, 0, 0, width, height);
      hand(canvas.toDataURL("image/png"), `${name}.png`);
    });
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  }

  for (const figure of document.querySelectorAll("figure[data-plot]")) {
    const drawing = figure.querySelector("svg.drawing");
    const downloads = figure.querySelector(".downloads");
    const there = downloads.querySelector("a[href$='.svg']");
    const name = figure.dataset.file || there.getAttribute("href").split("/").pop().replace(/\.svg$/, "");
    drawing.dataset.whole = drawing.getAttribute("viewBox");
    for (const [kind, save] of there ? [["PNG", savePicture]] : [["SVG", saveDrawing], ["PNG", savePicture]]) {
      const button = element("button", { type: "button", textContent: kind });
      button.addEventListener("click", () => save(drawing, name));
      downloads.append(" ", button);
    }
  }
})();
