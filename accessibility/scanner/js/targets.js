// Targets smaller than 24 by 24 pixels whose circle of 24 touches another; links within a sentence may be smaller.
const LEAST = 24, found = [];
const inSentence = (e) => {
  if (getComputedStyle(e).display !== "inline") return false;
  let block = e.parentElement;
  while (block && getComputedStyle(block).display === "inline") block = block.parentElement;
  return block && block.textContent.trim().length > e.textContent.trim().length + 2;
};
const area = (e) => {
  const own = e.getClientRects();
  const boxes = own.length ? [...own] : [];
  if (["radio", "checkbox"].includes(e.type)) for (const l of e.labels || []) boxes.push(l.getBoundingClientRect());
  const after = e.tagName === "A" && getComputedStyle(e, "::after").position === "absolute" && e.offsetParent;
  if (after) boxes.push(e.offsetParent.getBoundingClientRect());
  const left = Math.min(...boxes.map((b) => b.left)), right = Math.max(...boxes.map((b) => b.right));
  const top = Math.min(...boxes.map((b) => b.top)), bottom = Math.max(...boxes.map((b) => b.bottom));
  return { left, right, top, bottom, wide: right - left, high: bottom - top };
};
const all = [...document.querySelectorAll("a[href],button,input:not([type=hidden]),select,textarea,summary,[role=button]")]
  .filter((e) => shows(e) && !tucked(e) && e.getClientRects().length && !inSentence(e)).map((e) => [e, area(e)]);
const small = (box) => box.wide < LEAST - 0.5 || box.high < LEAST - 0.5;
const gap = (x, y, box) => Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
for (const [e, box] of all) {
  if (!small(box)) continue;
  const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
  const near = all.find(([other, b]) => {
    if (other === e || other.contains(e) || e.contains(other)) return false;
    const centres = Math.hypot((b.left + b.right) / 2 - x, (b.top + b.bottom) / 2 - y);
    return gap(x, y, b) < LEAST / 2 - 0.5 || (small(b) && centres < LEAST - 0.5);
  });
  if (near) found.push(Math.round(box.wide) + " by " + Math.round(box.high) + " px: " + label(e) + " beside " + label(near[0]));
}
return found.slice(0, 5);
