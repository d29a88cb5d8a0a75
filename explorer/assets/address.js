"use strict";
// State of a page in its address: `#?structure=structured&sort=-speedup`.  The part after the hash is used because
// pages opened from a folder may not change anything before it.
(() => {
  const prunelit = (window.prunelit = window.prunelit || {});
  const listeners = [];

  /** What the address says, as parameters of a query. */
  function read() {
    const hash = window.location.hash;
    return new URLSearchParams(hash.startsWith("#?") ? hash.slice(2) : "");
  }

  /** Put parameters into the address; `pushed` makes a new entry of the history, for the back button. */
  function write(parameters, pushed) {
    const text = parameters.toString();
    if (text === read().toString()) return;
    const target = text ? `#?${text}` : window.location.href.split("#")[0].concat("#");
    window.history[pushed ? "pushState" : "replaceState"](null, "", target);
  }

  /** Call a function whenever somebody moves through the history, or edits the address. */
  function onChange(listener) {
    listeners.push(listener);
  }

  const tell = () => listeners.forEach((listener) => listener());
  window.addEventListener("popstate", tell);
  prunelit.address = { read, write, onChange };
})();
