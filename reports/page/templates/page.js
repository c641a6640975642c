"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, properties = {}, text = "") => {
    const made = Object.assign(document.createElement(tag), properties);
    made.textContent = text;
    return made;
  };

  // The colours that were chosen last; without this script they hold for the page that is open.
  const themes = all("[name=theme]");
  try {
    const kept = document.getElementById(localStorage.getItem("casebook-theme"));
    if (themes.includes(kept)) kept.checked = true;
    for (const theme of themes) {
      theme.addEventListener("change", () => localStorage.setItem("casebook-theme", theme.id));
    }
  } catch {
    // No storage for this page: nothing is kept.
  }

  // Which part of the contents is being read.
  const links = new Map(all(".contents a").map(a => [a.hash.slice(1), a]));
  const heads = all("main, h2[id]").filter(head => links.has(head.id));
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
    const top = heads.filter(head => head.getBoundingClientRect().top < 160).pop();
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
  for (const source of all("pre, [data-copy]")) {
    const button = make("button", { type: "button", className: "copy" }, "Copy");
    button.addEventListener("click", async () => {
      try {
        await copy(source.dataset.copyText ?? source.textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Select and copy by hand";
      }
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    source.after(button);
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
    if (!body || body.rows.length < 2) continue;
    all("thead th", table).forEach((head, i) => {
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
  const plot = (box, axis, title, kind) => {
    const part = box.appendChild(make("div"));
    part.append(make("p", {}, title));
    const svg = shape(part, "svg", { viewBox: `0 0 ${WIDTH} ${BASE + 24}`, role: "img" });
    const x = value => LEFT + ((value - axis.low) / (axis.high - axis.low)) * (WIDTH - LEFT - RIGHT);
    shape(svg, "line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: BASE, y2: BASE });
    for (const [value, label] of axis.ticks) {
      shape(svg, "line", { class: "axis", x1: x(value), x2: x(value), y1: BASE, y2: BASE + 4 });
      shape(svg, "text", { x: x(value), y: BASE + 18, "text-anchor": "middle" }, label);
    }
    if (axis.low < 0 && axis.high > 0) {
      shape(svg, "line", { class: "zero", x1: x(0), x2: x(0), y1: TOP, y2: BASE });
    }
    const drawn = shape(svg, "g", {});
    return (curve, median, said) => {
      drawn.replaceChildren();
      svg.setAttribute("aria-label", `${title}: ${said}`);
      if (!curve) return;
      const step = (curve.end - curve.start) / (curve.heights.length - 1);
      const points = curve.heights.map(
        (height, i) => `${x(curve.start + i * step).toFixed(1)},${(BASE - (HIGH * height) / 100).toFixed(1)}`
      );
      const ends = [`${x(curve.start).toFixed(1)},${BASE}`, `${x(curve.end).toFixed(1)},${BASE}`];
      shape(drawn, "path", { class: kind, d: `M${[ends[0], ...points, ends[1]].join("L")}` });
      const bar = { class: `${kind} bar`, x1: x(curve.lower), x2: x(curve.upper), y1: BASE, y2: BASE };
      shape(drawn, "line", bar);
      if (median !== null) shape(drawn, "circle", { class: kind, cx: x(median), cy: BASE, r: 6 });
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
    const prior = plot(curves, swept.axes[0], `Prior of ${swept.label}`, "before");
    const posterior = plot(curves, swept.axes[1], `Posterior of ${swept.label}`, "after");
    const at = () => sliders.reduce((i, s) => i * s.values.length + Number(s.input.value), 0);
    const strides = sliders.map((_, k) =>
      sliders.slice(k + 1).reduce((product, s) => product * s.values.length, 1)
    );
    const show = () => {
      const here = at(), point = swept.points[here], nearby = [];
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
      verdict.textContent = (point.status === "FAIL" && !point.flips) || swept.decision === null ? ""
        : point.flips ? `▲ flips: the analysis says “${swept.decision}”`
        : point.close ? `(Monte Carlo error cannot tell it from “${swept.decision}”, as in the analysis)`
        : "(as in the analysis)";
      say(".estimate", point.estimate);
      say(".also", point.also);
      explorer.querySelector(".measured").hidden = point.also === "";
      const before = point.prior ? point.prior.central : "not drawn";
      say(".outcome .before", before);
      prior(point.prior, null, before);
      posterior(point.posterior, point.median, point.estimate);
    };
    for (const { input } of sliders) input.addEventListener("input", show);
    explorer.hidden = false;
    show();
  }
})();
