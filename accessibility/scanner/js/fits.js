// A page wider than its window, text cut off by a box that cannot be scrolled, and text that lies over other text.
const html = document.documentElement, extra = html.scrollWidth - html.clientWidth;
const sideways = extra > 0 ? ["scrolls sideways by " + extra + " px"] : [];
const found = [], rects = [], range = document.createRange();
const frames = new Map();
const frame = (e) => {
  if (!frames.has(e)) {
    const s = getComputedStyle(e);
    const how = (v) => (["hidden", "clip"].includes(v) ? "cut" : ["auto", "scroll"].includes(v) ? "scroll" : "");
    frames.set(e, s.display === "inline" || s.display === "contents" ? {} : { x: how(s.overflowX), y: how(s.overflowY) });
  }
  return frames.get(e);
};
for (const [node, e] of texts()) {
  range.selectNodeContents(node);
  const r = range.getBoundingClientRect();
  if (!r.width || !r.height) continue;
  const bounds = { left: -1e6, right: 1e6, top: -1e6, bottom: 1e6 };
  let scrolls = false;
  for (let a = e; a && a !== document.body; a = a.parentElement) {
    const { x, y } = frame(a);
    if (!x && !y) continue;
    const b = a.getBoundingClientRect();
    if (x === "scroll" || y === "scroll") scrolls = true;
    if (x) [bounds.left, bounds.right] = [Math.max(bounds.left, b.left), Math.min(bounds.right, b.right)];
    if (y) [bounds.top, bounds.bottom] = [Math.max(bounds.top, b.top), Math.min(bounds.bottom, b.bottom)];
    if (scrolls) continue;
    const beside = x === "cut" && (r.left < b.left - 2 || r.right > b.right + 2);
    const beyond = y === "cut" && (r.top < b.top - 4 || r.bottom > b.bottom + 4);
    if (beside || beyond) { found.push("cut off: " + label(e) + " by " + label(a).split(" ")[0]); break; }
  }
  for (const q of range.getClientRects()) {
    const cut = {
      left: Math.max(q.left, bounds.left), right: Math.min(q.right, bounds.right),
      top: Math.max(q.top + q.height * 0.25, bounds.top), bottom: Math.min(q.bottom - q.height * 0.25, bounds.bottom),
    };
    if (cut.right - cut.left > 4 && cut.bottom - cut.top > 2) rects.push([cut, node, e]);
  }
}
rects.sort((one, other) => one[0].top - other[0].top);
for (let i = 0; i < rects.length; i++) {
  const [a, node, e] = rects[i];
  for (let j = i + 1; j < rects.length && rects[j][0].top < a.bottom - 2; j++) {
    const [b, other, f] = rects[j];
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - b.top;
    if (node !== other && wide > 4 && high > 2) found.push("overlap: " + label(e) + " and " + label(f));
  }
}
return [...sideways, ...[...new Set(found)].slice(0, 5)];
