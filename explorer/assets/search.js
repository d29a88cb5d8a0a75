// Search by name: forgiving of typing errors, and usable from the keyboard alone.
(() => {
  const LIMIT = 12;
  const root = document.body.dataset.root;
  const fields = [...document.querySelectorAll("[data-search]")];
  if (!fields.length) return;

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => plain(text).split(/[^\p{L}\p{N}+]+/u).filter(Boolean);

  // Edits between two words, two letters the other way round being one; more than `most` are not counted.
  const edits = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let before = [], last = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      let least = i;
      for (let j = 1; j <= other.length; j++) {
        const same = one[i - 1] === other[j - 1];
        let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
        row.push(cost);
        least = Math.min(least, cost);
      }
      if (least > most) return most + 1;
      before = last;
      last = row;
    }
    return last[other.length];
  };

  const allowed = (word) => (word.length < 4 || /^\d+$/.test(word) ? 0 : word.length < 8 ? 1 : 2);

  // How well a word of the query fits one of an entry: 0 is not at all.
  const fit = (asked, word) => {
    if (word === asked) return 10;
    if (word.startsWith(asked)) return 7 + asked.length / word.length;
    if (asked.length > 2 && word.includes(asked)) return 4;
    const most = allowed(asked);
    if (!most) return 0;
    const whole = edits(asked, word, most);
    if (whole <= most) return 5 - whole;
    const start = word.length > asked.length ? edits(asked, word.slice(0, asked.length), 1) : 2;
    return start <= 1 && asked.length > 4 ? 2.5 : 0;
  };

  let entries = null;
  const prepare = () => {
    entries = (window.prunelitSearch || []).map(([kind, name, beside, path]) => {
      const own = words(name), joined = own.join("");
      return { kind, name, beside, path, own, joined, others: words(beside) };
    });
  };

  let loading = null;
  const load = () => {
    loading ||= new Promise((done) => {
      const script = document.createElement("script");
      script.src = `${root}/../search-index.js`;
      script.onload = script.onerror = () => { prepare(); done(); };
      document.head.append(script);
    });
    return loading;
  };

  const score = (entry, asked, joined) => {
    let total = entry.joined === joined ? 40 : entry.joined.startsWith(joined) && joined.length > 2 ? 12 : 0;
    for (const one of asked) {
      let best = 0;
      for (const word of entry.own) best = Math.max(best, fit(one, word));
      if (best < 7) for (const word of entry.others) best = Math.max(best, fit(one, word) * 0.7);
      if (!best) {
        if (total) continue;
        return 0;
      }
      total += best;
    }
    if (!total) return edits(joined, entry.joined, allowed(joined)) <= allowed(joined) && allowed(joined) ? 3 : 0;
    return total + 2 / (1 + entry.own.length) + (entry.kind === "paper" ? 0 : 0.5);
  };

  const find = (query) => {
    const asked = words(query), joined = asked.join("");
    if (!joined) return [];
    return entries
      .map((entry) => [score(entry, asked, joined), entry])
      .filter(([value]) => value > 0)
      .sort((one, other) => other[0] - one[0] || one[1].name.length - other[1].name.length)
      .slice(0, LIMIT)
      .map(([, entry]) => entry);
  };

  const made = (name, attributes) => {
    const one = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => one.setAttribute(key, value));
    return one;
  };

  // A field without scripts finds nothing, and there is one on every page: it is made here.
  const field = (box) => {
    const id = box.dataset.search, large = box.classList.contains("large");
    const label = made("label", { for: id, class: large ? "" : "unseen" });
    label.textContent = box.dataset.label;
    const input = made("input", {
      id, type: "search", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": `${id}-list`,
      autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      placeholder: large ? "ResNet-50, magnitude pruning, Han 2015 …" : "Search",
    });
    const list = made("ul", { id: `${id}-list`, role: "listbox", "aria-label": "Found", hidden: "" });
    const status = made("p", { class: "unseen", role: "status" });
    box.append(label, input, list, status);
    return { input, list, status };
  };

  fields.forEach((box) => {
    const { input, list, status } = field(box);
    box.hidden = false;
    let found = [], active = -1;
    const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); active = -1; };
    const choose = (at) => {
      active = at;
      [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
      if (at < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    };
    const go = (entry) => { location.href = `${root}/../${entry.path}`; };
    const show = () => {
      const query = input.value.trim();
      if (!query) { status.textContent = ""; return close(); }
      found = find(query);
      list.replaceChildren(...found.map((entry, at) => {
        const item = document.createElement("li");
        item.id = `${input.id}-${at}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        const kind = document.createElement("span"), name = document.createElement("span"), beside = document.createElement("small");
        kind.className = "kind";
        kind.textContent = entry.kind;
        name.textContent = entry.name;
        beside.textContent = entry.beside;
        item.append(kind, name, beside);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); go(entry); });
        return item;
      }));
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      status.textContent = found.length ? `${found.length} found` : "Nothing found";
      choose(found.length ? 0 : -1);
    };
    input.addEventListener("focus", load);
    input.addEventListener("input", () => load().then(show));
    input.addEventListener("blur", () => setTimeout(close, 100));
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) { load().then(show); return; }
        event.preventDefault();
        choose((active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
      } else if (event.key === "Enter" && !list.hidden && found[active]) {
        event.preventDefault();
        go(found[active]);
      } else if (event.key === "Escape") {
        close();
      }
    });
  });

  document.addEventListener("keydown", (event) => {
    const typing = /^(input|textarea|select)$/i.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    fields[fields.length - 1].querySelector("input").focus();
  });
})();
