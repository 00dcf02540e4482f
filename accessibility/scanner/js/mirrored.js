// Turn the page round: every box must keep its distance from the side on which reading starts.
const html = document.documentElement, was = html.dir;
const boxes = [...document.querySelectorAll("body *")].filter((e) => {
  if (e.closest("svg") || e.closest("[dir]:not(html)") || !shows(e)) return false;
  return !getComputedStyle(e).display.startsWith("inline");
});
const measure = (dir) => {
  html.dir = dir;
  const wide = html.clientWidth;
  return boxes.map((e) => {
    const r = e.getBoundingClientRect();
    return dir === "rtl" ? wide - r.right : r.left;
  });
};
const rtl = measure("rtl"), ltr = measure("ltr");
html.dir = was;
const found = [];
boxes.forEach((e, i) => {
  if (Math.abs(rtl[i] - ltr[i]) <= 2) return;
  const parent = boxes.indexOf(e.parentElement);
  if (parent >= 0 && Math.abs(rtl[i] - rtl[parent] - ltr[i] + ltr[parent]) <= 2) return;  // moved with its parent
  found.push("starts at " + Math.round(rtl[i]) + " px in Arabic, " + Math.round(ltr[i]) + " px in English: " + label(e));
});
return found.slice(0, 5);
