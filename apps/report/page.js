// SPDX-License-Identifier: MIT
// The page of a report: draws what the data beside it tells. No network, no library.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const page = document.getElementById("page");
const colours = ["a", "b", "c", "d", "e", "f"].map((name) => `var(--${name})`);
const causes = ["none", "fell", "left", "hazard", "shattered", "crushed", "tipped", "rule", "stuck", "time", "diverged"];
const causeInk = { none: "var(--c)", fell: "var(--f)", left: "#8c6d31", hazard: "#b4562f", shattered: "#8a6bb5",
  crushed: "#5a4a8a", tipped: "var(--b)", rule: "#66788a", stuck: "#9a9a9a", time: "#c7c1b4", diverged: "#000000" };
const causeWord = { none: "solved", left: "out of bounds", time: "out of time", rule: "a rule of the level" };

function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "path", "line", "text", "circle", "rect", "g", "polyline", "title"].includes(tag);
  const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  for (const child of children) node.append(child);
  return node;
}
const rows = (table) => table.rows.map((row) => Object.fromEntries(table.columns.map((c, i) => [c, row[i]])));
const percent = (x) => `${Math.round(100 * x)} %`;
function short(n) {
  if (n === null || n === undefined) return "";
  const size = Math.abs(n);
  if (size >= 1e9) return `${(n / 1e9).toPrecision(3)} G`;
  if (size >= 1e6) return `${(n / 1e6).toPrecision(3)} M`;
  if (size >= 1e4) return `${(n / 1e3).toPrecision(3)} k`;
  return Number.isInteger(n) ? String(n) : n.toPrecision(3);
}
function section(id, title, note) {
  const heading = make("h2", { id }, title);
  page.append(heading, make("p", { class: "note" }, note));
  nav.append(make("a", { href: `#${id}` }, title));
}
function keys(items) {
  const line = make("p", { class: "keys" });
  for (const [name, colour] of items)
    line.append(make("span", {}, make("i", { style: `background: ${colour}` }), name));
  return line;
}
function groupBy(list, key) {
  const groups = new Map();
  for (const item of list) {
    const at = key(item);
    if (!groups.has(at)) groups.set(at, []);
    groups.get(at).push(item);
  }
  return groups;
}

// ---------------------------------------------------------------- charts

// 1, 2 or 5 times a power of ten, at least so much; a quarter for shares.
function niceStep(least) {
  if (least === 0.25) return least;
  const ten = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((m) => m * ten).find((m) => m >= least * 0.999);
}
// series: {colour, points: [[x, y]], band: [[x, low, high]], dashed, name}
function chart(series, { width = 420, height = 210, low = null, high = null, unit = "", xUnit = "" } = {}) {
  const all = series.flatMap((s) => [...(s.points || []), ...(s.band || []).flatMap(([x, l, h]) => [[x, l], [x, h]])]);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  if (!all.length) return svg;
  const xs = all.map((p) => p[0]), ys = all.map((p) => p[1]);
  const x0 = Math.min(...xs), x1 = Math.max(...xs, x0 + 1e-9);
  let y0 = low ?? Math.min(...ys), y1 = high ?? Math.max(...ys);
  if (y1 - y0 < 1e-9) { y0 -= 0.5; y1 += 0.5; }
  const step = niceStep((y1 - y0) / 4);
  if (low === null) y0 = Math.floor(y0 / step) * step;
  if (high === null) y1 = Math.ceil(y1 / step) * step;
  const left = 44, right = 8, top = 8, bottom = 22;
  const px = (x) => left + ((x - x0) / (x1 - x0)) * (width - left - right);
  const py = (y) => height - bottom - ((y - y0) / (y1 - y0)) * (height - top - bottom);
  for (let k = 0; y0 + k * step <= y1 + step / 2; k++) {
    const y = y0 + k * step;
    svg.append(make("line", { class: "axis", x1: left, x2: width - right, y1: py(y), y2: py(y) }));
    svg.append(make("text", { x: left - 6, y: py(y) + 4, "text-anchor": "end" }, unit === "%" ? percent(y) : short(+y.toPrecision(6))));
  }
  for (const [x, anchor] of [[x0, "start"], [x1, "end"]])
    svg.append(make("text", { x: px(x), y: height - 5, "text-anchor": anchor }, `${short(+x.toPrecision(3))}${xUnit}`));
  for (const s of series) {
    if (s.band && s.band.length > 1) {
      const up = s.band.map(([x, , h]) => `${px(x)},${py(h)}`), down = s.band.map(([x, l]) => `${px(x)},${py(l)}`).reverse();
      svg.append(make("path", { d: `M${up.join("L")}L${down.join("L")}Z`, fill: s.colour, opacity: 0.18 }));
    }
    if (s.points && s.points.length) {
      const line = make("polyline", { points: s.points.map(([x, y]) => `${px(x)},${py(y)}`).join(" "), fill: "none",
        stroke: s.colour, "stroke-width": 1.8, "stroke-linejoin": "round", "stroke-dasharray": s.dashed ? "5 4" : "none" });
      line.append(make("title", {}, s.name || ""));
      svg.append(line);
      if (s.points.length === 1)
        svg.append(make("circle", { cx: px(s.points[0][0]), cy: py(s.points[0][1]), r: 3, fill: s.colour }));
    }
  }
  return svg;
}
function figure(body, ...caption) {
  return make("figure", {}, body, make("figcaption", {}, ...caption));
}
// Values of several curves at common places: mean, and the spread from least to most.
function spread(curves) {
  const long = curves.filter((c) => c.length);
  if (!long.length) return { points: [], band: [] };
  const end = Math.min(...long.map((c) => c[c.length - 1][0])), begin = Math.max(...long.map((c) => c[0][0]));
  const points = [], band = [];
  for (let k = 0; k <= 80; k++) {
    const x = begin + ((end - begin) * k) / 80;
    const values = long.map((curve) => {
      let i = curve.findIndex((p) => p[0] >= x);
      if (i < 0) i = curve.length - 1;
      if (i === 0) return curve[0][1];
      const [xa, ya] = curve[i - 1], [xb, yb] = curve[i];
      return ya + ((yb - ya) * (x - xa)) / Math.max(xb - xa, 1e-9);
    });
    points.push([x, values.reduce((a, b) => a + b) / values.length]);
    band.push([x, Math.min(...values), Math.max(...values)]);
  }
  return { points, band: long.length > 1 ? band : [] };
}
function smooth(points, share = 0.04) {
  const reach = Math.max(0, Math.round(points.length * share));
  return points.map(([x], i) => {
    const near = points.slice(Math.max(0, i - reach), i + reach + 1);
    return [x, near.reduce((sum, p) => sum + p[1], 0) / near.length];
  });
}

// The way of a parameter in at most 40 points: its mean, and a standard deviation to either side.
function way(list, lessons, banded) {
  const coarse = Math.max(1, Math.ceil(lessons / 40));
  const points = [], band = [];
  for (const [lesson, own] of groupBy(list, (r) => Math.floor(r.lesson / coarse) * coarse)) {
    const levels = own.reduce((sum, r) => sum + r.levels, 0), mean = own.reduce((sum, r) => sum + r.levels * r.mean, 0) / levels;
    const square = own.reduce((sum, r) => sum + r.levels * r.square, 0) / levels, sd = Math.sqrt(Math.max(0, square - mean * mean));
    points.push([lesson, mean]);
    if (banded) band.push([lesson, mean - sd, mean + sd]);
  }
  return { points, band };
}

// ---------------------------------------------------------------- the page

const nav = make("nav");
const makers = [...groupBy(data.runs, (run) => run.story.maker).entries()];
const inkOf = (maker) => colours[makers.findIndex(([name]) => name === maker) % colours.length];
page.append(make("h1", {}, data.runs.length === 1 ? data.runs[0].name : `${data.runs.length} runs`));
page.append(make("p", { class: "note" }, data.runs.length === 1
  ? `Maker ${data.runs[0].story.maker}, ${data.runs[0].story.lessons} lessons, Paracosm ${data.runs[0].story.version}.`
  : "Lines are means over the runs of a maker, bands their spread from least to most."), nav);

{
  section("learning", "Learning", "Share of training episodes that were solved, on whatever levels the maker gave. Held out: levels that training never draws; dashed, the tenth of them that went worst.");
  const solved = [], held = [], entropy = [];
  for (const [maker, runs] of makers) {
    const colour = inkOf(maker);
    const curve = runs.map((run) => smooth(rows(run.story.curve).filter((r) => r.episodes > 0).map((r) => [r.decisions, r.solved / r.episodes])));
    solved.push({ colour, name: maker, ...spread(curve) });
    entropy.push({ colour, name: maker, ...spread(runs.map((run) => smooth(rows(run.story.curve).filter((r) => r.entropy !== null).map((r) => [r.decisions, r.entropy])))) });
    const out = runs.map((run) => rows(run.story.held_out));
    if (out.some((o) => o.length)) {
      held.push({ colour, name: maker, ...spread(out.map((o) => o.map((r) => [r.decisions, r.held_out]))) });
      held.push({ colour, name: `${maker}, worst tenth`, dashed: true, points: spread(out.map((o) => o.filter((r) => r.held_out_worst !== null).map((r) => [r.decisions, r.held_out_worst]))).points });
    }
  }
  if (makers.length > 1) page.append(keys(makers.map(([name]) => [name, inkOf(name)])));
  const wide = make("div", { class: "wide" });
  wide.append(figure(chart(solved, { low: 0, high: 1, unit: "%" }), make("b", {}, "Solved in training"), " against decisions"));
  if (held.length) wide.append(figure(chart(held, { low: 0, high: 1, unit: "%" }), make("b", {}, "Held out"), ", mean and worst tenth"));
  wide.append(figure(chart(entropy), make("b", {}, "Entropy"), " of the policy, nat"));
  page.append(wide);
}
{
  const names = [...new Set(data.runs.flatMap((run) => rows(run.story.families).map((r) => r.name)))].sort();
  if (names.length > 1) {
    section("families", "Families", "Each family's own curve, against lessons.");
    const grid = make("div", { class: "grid" });
    for (const name of names) {
      const series = makers.map(([maker, runs]) => ({ colour: inkOf(maker), name: maker,
        ...spread(runs.map((run) => smooth(rows(run.story.families).filter((r) => r.name === name).map((r) => [r.lesson, r.solved])))) }));
      grid.append(figure(chart(series, { width: 280, height: 130, low: 0, high: 1, unit: "%" }), make("b", {}, name)));
    }
    page.append(grid);
  }
}
{
  const runs = data.runs.filter((run) => run.story.causes.rows.length);
  if (runs.length) {
    section("causes", "How episodes ended", "Shares of all endings over the lessons.");
    const used = causes.filter((cause) => runs.some((run) => rows(run.story.causes).some((r) => r.cause === cause)));
    page.append(keys(used.map((cause) => [causeWord[cause] || cause, causeInk[cause]])));
    const wide = make("div", { class: "wide" });
    for (const run of runs.slice(0, 12)) {
      const coarse = Math.max(1, Math.ceil(run.story.lessons / 60)); // lessons of a point: few episodes end in one
      const lessons = [...groupBy(rows(run.story.causes), (r) => Math.floor(r.lesson / coarse) * coarse).entries()].sort((a, b) => a[0] - b[0]);
      const width = 420, height = 180, svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
      const below = lessons.map(() => 0), step = width / Math.max(1, lessons.length - 1);
      for (const cause of used) {
        const up = [], down = [];
        lessons.forEach(([, list], i) => {
          const total = list.reduce((sum, r) => sum + r.episodes, 0);
          const part = list.filter((r) => r.cause === cause).reduce((sum, r) => sum + r.episodes, 0) / total;
          down.push(`${i * step},${height - below[i] * height}`);
          below[i] += part;
          up.push(`${i * step},${height - below[i] * height}`);
        });
        const area = make("path", { d: `M${up.join("L")}L${down.reverse().join("L")}Z`, fill: causeInk[cause] });
        area.append(make("title", {}, causeWord[cause] || cause));
        svg.append(area);
      }
      wide.append(figure(svg, make("b", {}, run.name), `, ${lessons.length ? lessons[lessons.length - 1][0] : 0} lessons`));
    }
    page.append(wide);
  }
}
{
  const runs = data.runs.filter((run) => run.story.curriculum.rows.length);
  if (runs.length) {
    section("curriculum", "The curriculum's way", "What the maker kept: mean of each parameter over the levels it took in, and one standard deviation to either side, against lessons.");
    const grid = make("div", { class: "grid" });
    const parts = groupBy(runs.flatMap((run) => rows(run.story.curriculum).map((r) => ({ ...r, run }))), (r) => `${r.name}: ${r.parameter}`);
    for (const [name, list] of [...parts.entries()].slice(0, 120)) {
      const series = [...groupBy(list, (r) => r.run).entries()].map(([run, own]) => ({
        colour: runs.length > 1 ? inkOf(run.story.maker) : colours[0], name: run.name,
        ...way(own, run.story.lessons, runs.length === 1) }));
      const total = list.reduce((sum, r) => sum + r.levels, 0);
      grid.append(figure(chart(series, { width: 280, height: 120 }), make("b", {}, name), `, ${short(total)} levels`));
    }
    page.append(grid);
  }
}
{
  // Of the levels that were kept in some lessons, the share with each word of a place.
  const sum = (list) => list.reduce((total, r) => total + r.levels, 0);
  const shares = (list, lessons) => {
    const places = Math.min(40, Math.max(2, Math.floor(sum(list) / 12))), totals = new Map(); // few levels, few points
    const at = (r) => Math.floor((r.lesson / Math.max(1, lessons)) * places) * (lessons / places);
    for (const r of list) totals.set(at(r), (totals.get(at(r)) || 0) + r.levels);
    const points = [...totals.keys()].sort((a, b) => a - b);
    return [...groupBy(list, (r) => r.word).entries()].sort((a, b) => sum(b[1]) - sum(a[1])).slice(0, 8).map(([word, own]) => ({ word,
      points: points.map((x) => [x, sum(own.filter((r) => at(r) === x)) / totals.get(x)]) }));
  };
  const ink = (i) => [...colours, "#8c6d31", "#66788a"][i];
  const plots = [];
  for (const run of data.runs) {
    const name = (r) => (data.runs.length > 1 ? `${run.name}: ` : "") + r;
    const parts = groupBy(rows(run.makings || { columns: [], rows: [] }), (r) => `${r.name}, ${r.as}`);
    const edits = groupBy(rows(run.story.edits), (r) => `${r.name}, edits`);
    for (const [key, list] of [...parts, ...edits])
      plots.push([name(key), sum(list), shares(list, run.story.lessons)]);
  }
  if (plots.length) {
    section("parts", "What levels are made of", "Of the levels that the maker kept, the share with each part where a grammar takes one of several, and of the edits in their chains the share of each kind (the eight commonest), against lessons.");
    const grid = make("div", { class: "grid" });
    for (const [name, total, own] of plots.slice(0, 80)) {
      const series = own.map((s, i) => ({ colour: ink(i), name: s.word, points: s.points }));
      grid.append(figure(chart(series, { width: 280, height: 130, low: 0, high: 1, unit: "%" }), make("b", {}, name), `, ${short(total)} in all`,
        keys(own.map((s, i) => [s.word, ink(i)]))));
    }
    page.append(grid);
  }
}
for (const run of data.runs) {
  const list = rows(run.stream || { columns: [], rows: [] });
  if (!list.length) continue;
  const worlds = [...groupBy(list, (r) => r.world).entries()].sort((a, b) => a[0] - b[0]), grid = make("div", { class: "grid" });
  section("stream", "Worlds one after the other", `${run.name}: what of each world is solved on held-out levels, from the moment it was learned, against how many worlds have been.`);
  for (const [world, own] of worlds) {
    const points = own.map((r) => [r.learning + r.done, r.solve]).sort((a, b) => a[0] - b[0]);
    grid.append(figure(chart([{ colour: colours[0], name: "solved", points }], { width: 280, height: 120, low: 0, high: 1, unit: "%" }), make("b", {}, `world ${world + 1}`)));
  }
  page.append(grid);
  const end = (learning, world) => list.find((r) => r.learning === learning && r.world === world && r.done === 1);
  const table = make("table", {}, make("tr", {}, make("th", {}, "after world"), ...worlds.map(([world]) => make("th", {}, String(world + 1)))));
  for (const [learning] of worlds)
    table.append(make("tr", {}, make("td", {}, String(learning + 1)), ...worlds.map(([world]) => make("td", { class: "n" }, end(learning, world) ? percent(end(learning, world).solve) : ""))));
  page.append(table);
}
{
  const films = data.runs.flatMap((run) => run.films.map((film) => ({ ...film, run })));
  if (films.length) {
    section("archive", "The archive", "Levels with a replay; a click plays it. Those of each family that are solved least often come first; failures are marked.");
    const bar = make("div"), grid = make("div", { class: "grid" });
    const families = [...new Set(films.map((film) => film.family))].sort();
    let chosen = null;
    const cards = films.map((film) => {
      const canvas = make("canvas", { width: 520, height: 300, title: "click to play" });
      const caption = [make("b", {}, film.family), film.solved ? ` \u00b7 solved ${percent(film.success)} of the time` : " \u00b7 failed",
        ` \u00b7 ${film.level}`];
      if (film.says) caption.push(make("br"), film.says);
      if (film.params && film.params !== "{}") caption.push(make("br"), film.params.replace(/["{}]/g, "").replace(/:/g, " ").replace(/(\d+\.\d{2})\d+/g, "$1").replace(/,/g, ", "));
      const card = figure(canvas, ...caption);
      card.dataset.family = film.family;
      grid.append(card);
      player(canvas, film);
      return card;
    });
    const show = (family) => {
      chosen = chosen === family ? null : family;
      for (const card of cards) card.style.display = !chosen || card.dataset.family === chosen ? "" : "none";
      for (const button of bar.children) button.setAttribute("aria-pressed", String(button.textContent === chosen));
    };
    if (families.length > 1)
      for (const family of families) {
        const button = make("button", { type: "button", "aria-pressed": "false" }, family);
        button.addEventListener("click", () => show(family));
        bar.append(button);
      }
    page.append(bar, grid);
  }
}
{
  const forests = data.runs.filter((run) => run.story.tree.rows.length);
  if (forests.length) {
    section("trees", "Family trees", "Levels that were made from others: a line from each parent to its child, lessons from left to right; green is solved always, red never.");
    const wide = make("div", { class: "wide" });
    for (const run of forests.slice(0, 6)) wide.append(figure(forest(rows(run.story.tree)), make("b", {}, run.name), `, ${run.story.tree.rows.length} children`));
    page.append(wide);
  }
}
{
  section("speed", "The ledger", "What it took. Scoring: physics steps of the maker's own trials, beside those that were trained on.");
  const table = make("table", {}, make("tr", {}, ...["run", "maker", "lessons", "decisions", "decisions/s", "world steps", "scoring steps", "time", "solved"].map((word) => make("th", {}, word))));
  for (const run of data.runs) {
    const curve = rows(run.story.curve), last = curve[curve.length - 1] || {};
    const recent = curve.slice(-Math.max(1, Math.ceil(curve.length / 10)));
    const episodes = recent.reduce((sum, r) => sum + r.episodes, 0), solved = recent.reduce((sum, r) => sum + r.solved, 0);
    const cells = [run.name, run.story.maker, run.story.lessons, short(last.decisions), last.seconds ? short(last.decisions / last.seconds) : "",
      short(last.world_steps), short(last.scoring_steps), last.seconds ? `${(last.seconds / 60).toFixed(1)} min` : "", episodes ? percent(solved / episodes) : ""];
    table.append(make("tr", {}, ...cells.map((cell, i) => make("td", i > 1 ? { class: "n" } : {}, String(cell ?? "")))));
  }
  page.append(table);
}

// ---------------------------------------------------------------- drawing

function forest(links) {
  const width = 420, height = 260, svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  const nodes = new Map(), most = Math.max(1, ...links.map((l) => l.lesson));
  const parents = new Map(links.map((l) => [l.hash, l.parent]));
  const rootOf = (hash) => { let at = hash, steps = 0; while (parents.has(at) && steps++ < 2000) at = parents.get(at); return at; };
  const roots = [...groupBy(links, (l) => rootOf(l.hash)).entries()].sort((a, b) => b[1].length - a[1].length);
  let done = 0;
  for (const [root, list] of roots) {
    const room = (list.length / links.length) * (height - 10), top = 5 + (done / links.length) * (height - 10);
    nodes.set(root, [4, top + room / 2]);
    list.forEach((l, i) => nodes.set(l.hash, [8 + (l.lesson / most) * (width - 14), top + ((i * 0.618034) % 1) * room]));
    done += list.length;
  }
  for (const l of links) {
    const from = nodes.get(l.parent), to = nodes.get(l.hash);
    if (from && to) svg.append(make("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], stroke: "var(--line)", "stroke-width": 0.8 }));
  }
  for (const l of links) {
    const [x, y] = nodes.get(l.hash), dot = make("circle", { cx: x, cy: y, r: 2.4, fill: `hsl(${Math.round(120 * (l.success ?? 0))}, 55%, 50%)` });
    dot.append(make("title", {}, `${l.name} ${l.hash}, lesson ${l.lesson}, solved ${percent(l.success ?? 0)}`));
    svg.append(dot);
  }
  return svg;
}
function decode(text) {
  const bytes = atob(text), out = new Int16Array(bytes.length >> 1);
  for (let i = 0; i < out.length; i++) {
    const value = bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8);
    out[i] = value;
  }
  return out;
}
function player(canvas, film) {
  const ink = canvas.getContext("2d"), frames = decode(film.frames), stride = 3 * film.moving.length;
  const count = stride ? frames.length / stride : 1, place = new Map(film.moving.map((body, i) => [body, i]));
  const style = getComputedStyle(document.documentElement), roles = ["", "player", "target", "cargo", "hazard"];
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const scale = Math.min(canvas.width / film.size[0], canvas.height / film.size[1]);
  const own = film.shapes.find((shape) => shape.role === 1);
  // Of a wide level the part around the player is shown, at least 8 m high.
  const zoom = Math.max(scale, Math.min(canvas.height / 10, canvas.width / 18));
  function pose(body, at) {
    if (!place.has(body) || !stride) return film.start.slice(3 * body, 3 * body + 3);
    const k = Math.min(count - 1, Math.floor(at)), i = k * stride + 3 * place.get(body);
    if (frames[i] === -32768) return null;
    return [frames[i] / 64, frames[i + 1] / 64, (frames[i + 2] / 4096) * 2 * Math.PI];
  }
  function outline(kind, points, radius) {
    ink.beginPath();
    if (kind === "circle") { ink.arc(points[0], points[1], radius, 0, 7); return; }
    for (let i = 0; i < points.length; i += 2) ink.lineTo(points[i], points[i + 1]);
    if (kind === "polygon") ink.closePath();
  }
  function draw(at) {
    const me = own ? pose(own.body, at) : null;
    const half = canvas.width / zoom / 2, high = canvas.height / zoom / 2;
    const clamp = (value, low, most) => (low > most ? (low + most) / 2 : Math.max(low, Math.min(most, value)));
    const cx = clamp(me ? me[0] : film.size[0] / 2, half, film.size[0] - half), cy = clamp(me ? me[1] : film.size[1] / 2, high, film.size[1] - high);
    ink.setTransform(1, 0, 0, 1, 0, 0);
    ink.clearRect(0, 0, canvas.width, canvas.height);
    ink.setTransform(zoom, 0, 0, -zoom, canvas.width / 2 - cx * zoom, canvas.height / 2 + cy * zoom);
    for (const zone of film.zones) {
      ink.save();
      ink.translate(zone.at[0], zone.at[1]);
      ink.rotate(zone.angle);
      outline(zone.kind, zone.points, zone.radius);
      ink.globalAlpha = 0.25;
      ink.fillStyle = zone.fluid ? "#4a90c4" : colour(roles[zone.role] || "soft");
      ink.fill();
      ink.restore();
    }
    for (const shape of film.shapes) {
      const where = pose(shape.body, at);
      if (!where) continue;
      ink.save();
      ink.translate(where[0], where[1]);
      ink.rotate(where[2]);
      outline(shape.kind, shape.points, shape.radius);
      const name = roles[shape.role] || (place.has(shape.body) ? "loose" : "ground");
      ink.fillStyle = ink.strokeStyle = colour(name);
      if (shape.kind === "line") { ink.lineWidth = Math.max(0.06, 2 * shape.radius); ink.lineJoin = "round"; ink.stroke(); } else ink.fill();
      if (shape.kind === "circle") {
        ink.beginPath(); ink.moveTo(shape.points[0], shape.points[1]); ink.lineTo(shape.points[0] + shape.radius, shape.points[1]);
        ink.strokeStyle = colour("paper"); ink.lineWidth = Math.min(0.08, shape.radius / 3); ink.stroke();
      }
      ink.restore();
    }
  }
  let begun = null;
  function tick(now) {
    if (begun === null) return;
    const at = (now - begun) / 1000 / film.step;
    draw(at);
    if (at >= count + 0.6 / film.step) { begun = null; draw(0); } else requestAnimationFrame(tick);
  }
  canvas.addEventListener("click", () => {
    if (begun !== null) { begun = null; draw(0); return; }
    begun = performance.now();
    requestAnimationFrame(tick);
  });
  draw(0);
}
