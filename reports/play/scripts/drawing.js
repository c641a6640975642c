// Panels as SVG: reports/play/drawing.py draws the same, for the page as it opens.
play.draw = (svg, panel, state) => {
  const SVG = "http://www.w3.org/2000/svg", MINUS = "−";
  const [WIDTH, HEIGHT] = panel.square ? [320, 320] : [480, 260];
  const LEFT = 56, RIGHT = 20, TOP = 24, BOTTOM = 44, ROOM = 0.05, TICKS = 5;
  const COLOURS = { blue: "#0072b2", orange: "#d55e00", ink: "currentColor", soft: "currentColor" };
  const DASHES = { solid: "", dashed: "7 4", dotted: "2 4" };
  const series = key => (key ? [state[key]].flat() : []);
  const rounded = value => value.toFixed(1);

  const scale = (axis, values, start, end) => {
    const ends = values.length ? [0, ...values] : [0, 1];
    const least = Math.min(...ends), most = Math.max(...ends), room = ROOM * (most - least || 1);
    const low = axis.low ?? (least < 0 ? least - room : 0), high = axis.high ?? most + room;
    const f = axis.log ? Math.log10 : value => value;
    const slack = 1e-9 * (high - low);
    return {
      low, high, log: axis.log, start, end,
      at: value => start + ((f(value) - f(low)) / (f(high) - f(low))) * (end - start),
      has: value => low - slack <= value && value <= high + slack,
    };
  };
  const ticks = ({ low, high, log }) => {
    const between = (first, last, f) => play.range(last - first + 1, i => f(first + i));
    if (log) {
      return between(Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9), k => [10 ** k, String(10 ** k)]);
    }
    const raw = (high - low) / TICKS, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].find(m => m * power >= raw * (1 - 1e-9)) * power;
    const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return between(Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9), k => [
      k * step, (k * step).toFixed(places).replace("-", MINUS),
    ]);
  };

  const put = (tag, attributes, text = "") => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    svg.append(made);
  };
  const keys = axis => panel.marks.flatMap(mark => series(mark[axis]));
  const x = scale(panel.x, [...keys("x"), ...keys("end")], LEFT, WIDTH - RIGHT);
  const y = scale(panel.y, keys("y"), HEIGHT - BOTTOM, TOP);
  const axes = () => {
    const line = { stroke: "currentColor", "stroke-width": 1 }, small = { "font-size": 12 };
    put("path", { d: `M${x.start},${y.end}V${y.start}H${x.end}`, fill: "none", ...line });
    if (y.low < 0 && y.high > 0) {
      put("path", { d: `M${x.start},${rounded(y.at(0))}H${x.end}`, ...line, "stroke-dasharray": "2 3" });
    }
    for (const [value, text] of ticks(x)) {
      put("path", { d: `M${rounded(x.at(value))},${y.start}v4`, ...line });
      put("text", { x: rounded(x.at(value)), y: y.start + 17, "text-anchor": "middle", ...small }, text);
    }
    for (const [value, text] of ticks(y)) {
      put("path", { d: `M${x.start},${rounded(y.at(value))}h-4`, ...line });
      put("text", { x: x.start - 7, y: rounded(y.at(value) + 4), "text-anchor": "end", ...small }, text);
    }
    put("text", { x: rounded((x.start + x.end) / 2), y: y.start + 36, "text-anchor": "middle", ...small }, panel.x.label);
    put("text", { x: 4, y: 14, ...small }, panel.y.label);
  };

  const look = ({ kind, look: colour, stroke }) => {
    const soft = colour === "soft", drawn = COLOURS[colour];
    if (kind === "marker") return { fill: drawn, stroke: "none" };
    if (kind === "dots") {
      const size = soft ? { "stroke-width": 3, "stroke-opacity": 0.5 } : { "stroke-width": 7 };
      return { fill: "none", stroke: drawn, "stroke-linecap": "round", ...size };
    }
    const filled = kind === "area" ? { fill: drawn, "fill-opacity": 0.15 } : { fill: "none" };
    const dash = DASHES[stroke] ? { "stroke-dasharray": DASHES[stroke] } : {};
    return { ...filled, stroke: drawn, "stroke-width": soft ? 1 : 2, ...dash };
  };
  const path = (mark, xs, ys) => {
    if (mark.kind === "segments") {
      const ends = series(mark.end);
      return xs.map((from, i) => `M${rounded(x.at(from))},${rounded(y.at(ys[i]))}H${rounded(x.at(ends[i]))}`).join("");
    }
    let found = "", before = false;
    xs.forEach((a, i) => {
      const inside = x.has(a) && y.has(ys[i]);
      if (inside) {
        const at = `${rounded(x.at(a))},${rounded(y.at(ys[i]))}`;
        found += mark.kind === "dots" ? `M${at}h0` : `${before ? "L" : "M"}${at}`;
      }
      before = inside;
    });
    if (mark.kind !== "area" || found === "") return found;
    const base = rounded(y.at(0));
    return `${found}L${rounded(x.at(xs.at(-1)))},${base}L${rounded(x.at(xs[0]))},${base}Z`;
  };

  svg.replaceChildren();
  axes();
  for (const mark of panel.marks) {
    const xs = series(mark.x), ys = series(mark.y), style = look(mark);
    if (mark.kind === "across") {
      for (const a of xs.filter(x.has)) put("path", { d: `M${rounded(x.at(a))},${y.start}V${y.end}`, ...style });
    } else if (mark.kind === "level") {
      for (const b of ys.filter(y.has)) put("path", { d: `M${x.start},${rounded(y.at(b))}H${x.end}`, ...style });
    } else if (mark.kind === "marker") {
      xs.forEach((a, i) => {
        if (x.has(a) && y.has(ys[i])) put("circle", { cx: rounded(x.at(a)), cy: rounded(y.at(ys[i])), r: 5, ...style });
      });
    } else {
      put("path", { d: path(mark, xs, ys), ...style });
    }
  }
};
