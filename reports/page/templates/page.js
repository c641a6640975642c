"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, properties = {}, text = "") => {
    const made = Object.assign(document.createElement(tag), properties);
    made.textContent = text;
    return made;
  };

  // The colours that were chosen last, also in another window; without this script they hold for
  // the page that is open.
  const themes = all("[name=theme]");
  const choose = id => {
    const kept = themes.find(theme => theme.id === id);
    if (kept) kept.checked = true;
  };
  try {
    choose(localStorage.getItem("casebook-theme"));
    addEventListener("storage", event => event.key === "casebook-theme" && choose(event.newValue));
    for (const theme of themes) {
      theme.addEventListener("change", () => localStorage.setItem("casebook-theme", theme.id));
    }
  } catch {
    // No storage for this page: nothing is kept.
  }

  // A link opens what it leads to.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let one = target?.closest("details"); one; one = one.parentElement.closest("details")) {
      one.open = true;
    }
    target?.scrollIntoView();
  };
  for (const link of all('a[href^="#"]')) {
    link.addEventListener("click", () => location.hash === link.hash && reveal());
  }
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // Which part of the contents is being read.
  const links = new Map(all(".contents a").map(a => [a.hash.slice(1), a]));
  const heads = all("main, [id]").filter(head => links.has(head.id));
  const place = head => (head.closest("details") ?? head).getBoundingClientRect().top;
  let chosen = null; // where the page stood when a link led there: the end of it may not reach the top
  const mark = reading => {
    for (const [id, link] of links) {
      if (id === reading) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const look = () => {
    if (chosen !== null && Math.abs(scrollY - chosen) < 2) return;
    chosen = null;
    const top = heads.filter(head => place(head) < 160).pop();
    if (top) mark(top.id);
  };
  addEventListener("scroll", look, { passive: true });
  addEventListener("hashchange", () => {
    if (!links.has(location.hash.slice(1))) return;
    chosen = scrollY;
    mark(location.hash.slice(1));
  });
  look();

  // What scrolls sideways is a stop of the keyboard; what fits is none.
  const scrollers = new ResizeObserver(entries => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of all(".scroll, .drawing, pre")) scrollers.observe(box);

  // On paper nothing can be opened.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => closed.forEach(one => (one.open = false)));

  // Copying: code, commands, formulas.
  const copy = async text => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.body.appendChild(make("textarea", { value: text }));
    area.select();
    document.execCommand("copy");
    area.remove();
  };
  const said = async (button, does, done) => {
    const text = button.textContent;
    try {
      await does();
      button.textContent = done;
    } catch {
      button.textContent = "Select and copy by hand";
    }
    setTimeout(() => (button.textContent = text), 2000);
  };
  for (const source of all("pre, [data-copy]")) {
    const button = make("button", { type: "button", className: "copy" }, "Copy");
    button.addEventListener("click", () =>
      said(button, () => copy(source.dataset.copyText ?? source.textContent), "Copied")
    );
    source.after(button);
  }

  // Tables as text for elsewhere.
  const plain = cell => cell.innerText.replace(/[↕↑↓?]/g, "").replace(/\s+/g, " ").trim();
  const grid = table => {
    const rows = [...table.rows].map(row => [...row.cells]);
    const drawn = rows[0].map((_, i) => rows.slice(1).every(row => row[i].querySelector("svg")));
    return rows.map(row => row.filter((_, i) => !drawn[i]).map(plain));
  };
  const escaped = text => text.replace(/[&<>]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
  const latex = text =>
    text.replace(/[\\{}$&#_%~^]/g, c => ({ "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" })[c] ?? `\\${c}`)
      .replace(/−/g, "$-$").replace(/[<>±]/g, c => ({ "<": "$<$", ">": "$>$", "±": "$\\pm$" })[c]);
  const forms = {
    TSV: rows => rows.map(row => row.join("\t")).join("\n"),
    Markdown: rows => {
      const lines = rows.map(row => `| ${row.map(cell => cell.replace(/\|/g, "\\|")).join(" | ")} |`);
      return [lines[0], `|${rows[0].map(() => " --- |").join("")}`, ...lines.slice(1)].join("\n");
    },
    LaTeX: rows => {
      const lines = rows.map(row => `${row.map(latex).join(" & ")} \\\\`);
      return [`\\begin{tabular}{l${"r".repeat(rows[0].length - 1)}}`, "\\hline", lines[0], "\\hline",
        ...lines.slice(1), "\\hline", "\\end{tabular}"].join("\n");
    },
    Word: rows => {
      const [head, ...rest] = rows;
      const line = (row, tag) => `<tr>${row.map(cell => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
      return `<table>${line(head, "th")}${rest.map(row => line(row, "td")).join("")}</table>`;
    },
  };
  const rich = (html, text) =>
    navigator.clipboard.write([new ClipboardItem({
      "text/html": new Blob([html], { type: "text/html" }),
      "text/plain": new Blob([text], { type: "text/plain" }),
    })]);

  // Figures as files: the colours of the page are written into them.
  const save = (address, name) => {
    const link = make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
  };
  const drawing = svg => {
    const found = svg.cloneNode(true), style = getComputedStyle(svg), page = getComputedStyle(document.body);
    const box = svg.viewBox.baseVal, back = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const full = { x: box.x, y: box.y, width: box.width, height: box.height, fill: page.backgroundColor };
    for (const [name, value] of Object.entries(full)) back.setAttribute(name, value);
    found.prepend(back);
    for (const paper of all(".paper", found)) paper.setAttribute("fill", page.backgroundColor);
    for (const text of all("text", found)) text.setAttribute("fill", style.color);
    found.setAttribute("color", style.color);
    found.setAttribute("font-family", "sans-serif");
    found.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    return { text: new XMLSerializer().serializeToString(found), width: box.width, height: box.height };
  };
  const bitmap = ({ text, width, height }) => new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => {
      const canvas = make("canvas", { width: 3 * width, height: 3 * height });
      canvas.getContext("2d").drawImage(image, 0, 0, 3 * width, 3 * height);
      resolve(canvas.toDataURL("image/png"));
    };
    image.onerror = reject;
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  });

  // One list of choices for all tables, one for all figures; it acts on what asked for it.
  const choices = (id, label, actions) => {
    const box = make("div", { id, popover: "auto", className: "choices" });
    box.setAttribute("aria-label", label);
    box.setAttribute("role", "group");
    let about = null;
    for (const [name, act] of Object.entries(actions)) {
      const button = make("button", { type: "button", className: "choice" }, name);
      button.addEventListener("click", async () => {
        await said(about.button, () => act(about.what), "Done");
        box.hidePopover();
      });
      box.append(button);
    }
    document.body.append(box);
    return (word, what, told, place) => {
      const button = make("button", { type: "button", className: "tool" }, word);
      button.setAttribute("aria-label", `${word}: ${told}`);
      button.popoverTargetElement = box;
      button.addEventListener("click", () => (about = { button, what }));
      place.append(button);
    };
  };
  const stem = location.pathname.split("/").pop().replace(/\.html$/, "") || "casebook";
  if (all("table, figure").length) {
    const asText = Object.fromEntries(Object.entries(forms).map(([name, form]) => [
      name === "Word" ? "HTML for Word" : name,
      table => (name === "Word" && window.ClipboardItem
        ? rich(form(grid(table)), forms.TSV(grid(table))) : copy(form(grid(table)))),
    ]));
    const copied = choices("copying", "Copy the table as", asText);
    for (const table of all("table")) {
      if (table.caption) copied("Copy", table, `the table ${table.caption.querySelector("span")?.textContent ?? table.caption.textContent}`, table.caption);
    }
    const saved = choices("saving", "Save the figure as", {
      SVG: async svg => save(URL.createObjectURL(new Blob([drawing(svg).text], { type: "image/svg+xml" })), `${stem}.svg`),
      PNG: async svg => save(await bitmap(drawing(svg)), `${stem}.png`),
    });
    for (const figure of all("figure")) {
      const svg = figure.querySelector(".drawing svg"), caption = figure.querySelector("figcaption");
      if (svg && caption) saved("Save", svg, "the figure", caption);
    }
  }

  // One sheet of paper, or everything.
  for (const files of all(".files")) {
    const print = (word, short) => {
      const button = make("button", { type: "button", className: "copy" }, word);
      button.addEventListener("click", () => {
        document.body.classList.toggle("short", short);
        window.print();
        document.body.classList.remove("short");
      });
      files.append(" ", button);
    };
    print("Print one sheet", true);
    print("Print everything", false);
  }

  // Sorting: by number where every cell has one, else by text; what is no number comes last.
  const number = text => {
    const plain = text.replace(/−/g, "-").replace(/,(?=\d{3})/g, "").replace(/∞|\binf\b/, "Infinity");
    const found = /^[<>±≥≤]?\s*([+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|Infinity))/i.exec(plain);
    return found ? Number(found[1]) : NaN;
  };
  const empty = text => text === "" || text === "–" || text === "nan" || text === "not a number";
  const compare = (a, b, numbers) =>
    numbers ? number(a) - number(b) : a.localeCompare(b, "en", { numeric: true });
  for (const table of all("table")) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 5) continue;
    [...table.tHead.rows[0].cells].forEach((head, i) => {
      if (head.tagName === "TD") return; // above a column that is drawn
      const button = make("button", { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        const rows = [...body.rows].map(row => [row.cells[i].textContent.trim(), row]);
        const known = rows.filter(([text]) => !empty(text));
        const numbers = known.every(([text]) => !Number.isNaN(number(text)));
        known.sort(([a], [b]) => (up ? 1 : -1) * compare(a, b, numbers));
        body.append(...[...known, ...rows.filter(([text]) => empty(text))].map(([, row]) => row));
        for (const other of all("thead th", table)) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
      });
    });
  }

  // The prior explorer: every position of the sliders is a fit of the sweep.
  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 400, LEFT = 16, RIGHT = 16, TOP = 8, HIGH = 110, BASE = TOP + HIGH;
  const shape = (parent, tag, attributes, text) => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return parent.appendChild(made);
  };
  const plot = (box, axis, title) => {
    const part = box.appendChild(make("div"));
    part.append(make("p", {}, title));
    const svg = shape(part, "svg", { viewBox: `0 0 ${WIDTH} ${BASE + 30}`, role: "img" });
    const x = value => {
      const inside = Math.min(Math.max(value, axis.low), axis.high);
      return LEFT + ((inside - axis.low) / (axis.high - axis.low)) * (WIDTH - LEFT - RIGHT);
    };
    shape(svg, "line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: BASE + 6, y2: BASE + 6 });
    for (const [value, label] of axis.ticks) {
      shape(svg, "line", { class: "axis", x1: x(value), x2: x(value), y1: BASE + 6, y2: BASE + 10 });
      shape(svg, "text", { x: x(value), y: BASE + 24, "text-anchor": "middle" }, label);
    }
    if (axis.low < 0 && axis.high > 0) {
      shape(svg, "line", { class: "zero", x1: x(0), x2: x(0), y1: TOP, y2: BASE + 6 });
    }
    const drawn = shape(svg, "g", {});
    const draw = (curve, kind, median, y) => {
      if (!curve) return;
      const step = (curve.end - curve.start) / (curve.heights.length - 1);
      const points = curve.heights.map(
        (height, i) => `${x(curve.start + i * step).toFixed(1)},${(BASE - (HIGH * height) / 100).toFixed(1)}`
      );
      const ends = [`${x(curve.start).toFixed(1)},${BASE}`, `${x(curve.end).toFixed(1)},${BASE}`];
      shape(drawn, "path", { class: kind, d: `M${[ends[0], ...points, ends[1]].join("L")}` });
      shape(drawn, "line", { class: `${kind} bar`, x1: x(curve.lower), x2: x(curve.upper), y1: y, y2: y });
      if (median !== null) shape(drawn, "circle", { class: kind, cx: x(median), cy: y, r: 6 });
    };
    return (before, after, median, said) => {
      drawn.replaceChildren();
      svg.setAttribute("aria-label", `${title}: ${said}`);
      draw(before, "before", null, BASE + 4);
      draw(after, "after", median, BASE);
    };
  };
  for (const explorer of all(".explorer")) {
    const swept = JSON.parse(explorer.querySelector(".swept").content.textContent);
    const sliders = all(".slider", explorer).map(box => ({
      name: box.querySelector("label").textContent,
      input: box.querySelector("input"),
      output: box.querySelector("output"),
      marks: box.querySelector(".marks"),
      values: all(".stops li", box).map(li => li.textContent),
    }));
    const curves = explorer.querySelector(".curves");
    const say = (name, text) => (explorer.querySelector(name).textContent = text);
    const curve = plot(curves, swept.axis, `Prior (dashed) and posterior of ${swept.label}`);
    let moved = swept.own === null; // until then the numbers are those of the page
    const at = () => sliders.reduce((i, s) => i * s.values.length + Number(s.input.value), 0);
    const strides = sliders.map((_, k) =>
      sliders.slice(k + 1).reduce((product, s) => product * s.values.length, 1)
    );
    const show = () => {
      const here = at(), nearby = [];
      const found = swept.points[here];
      const point = moved ? found : { ...found, flips: false, close: false, ...swept.own };
      sliders.forEach(({ name, input, output, marks, values }, k) => {
        const value = Number(input.value);
        output.textContent = values[value];
        input.setAttribute("aria-valuetext", values[value]);
        const first = here - value * strides[k];
        const flips = swept.flips.filter(
          f => f.knob === k && f.before >= first && (f.before - first) % strides[k] === 0 &&
            (f.before - first) / strides[k] < values.length - 1
        );
        marks.replaceChildren(...flips.map(flip => {
          const [from, to] = [flip.before, flip.after].map(i => (i - first) / strides[k]);
          const span = make("span", {}, "▲ flips");
          span.style.left = `${(50 * (from + to)) / (values.length - 1)}%`;
          nearby.push(`${name} between ${values[from]} and ${values[to]}`);
          return span;
        }));
      });
      say(".nearby", nearby.length ? nearby.join("; ") : "nowhere that could be judged along one slider");
      say(".decision", point.decision);
      const verdict = explorer.querySelector(".verdict");
      verdict.classList.toggle("flips", point.flips);
      verdict.textContent = !point.judged ? ""
        : point.flips ? `▲ flips: the analysis says “${swept.decision}”`
        : point.close ? `(Monte Carlo error cannot tell it from “${swept.decision}”, as in the analysis)`
        : "(as in the analysis)";
      say(".estimate", point.estimate);
      say(".also", point.also);
      explorer.querySelector(".measured").hidden = point.also === "";
      const before = point.prior ? point.prior.central : "not drawn";
      say(".outcome .before", before);
      curve(point.prior, point.posterior, point.median, `prior ${before}, posterior ${point.estimate}`);
    };
    for (const { input } of sliders) {
      input.addEventListener("input", () => {
        moved = true;
        show();
      });
    }
    explorer.hidden = false;
    show();
  }
})();
