// What the checks share: names for elements, and what a reader can see.
const kept = new Map();
const shows = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
// Hidden from sight on purpose, for screen readers or as a trap for robots.
const tucked = (e) => {
  if (!e || e === document.body) return false;
  if (!kept.has(e)) {
    const s = getComputedStyle(e);
    const away = s.position === "absolute" && (s.clipPath.startsWith("inset(50%") || s.clip.startsWith("rect(")
      || (e.offsetWidth <= 1 && e.offsetHeight <= 1));
    kept.set(e, away || tucked(e.parentElement));
  }
  return kept.get(e);
};
const label = (e) => {
  let s = e.tagName.toLowerCase();
  if (e.id) s += "#" + e.id;
  else if (e.getAttribute("name")) s += "[name=" + e.getAttribute("name") + "]";
  else if (e.classList.length) s += "." + [...e.classList].join(".");
  const words = (e.getAttribute("aria-label") || e.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
  return words ? s + " “" + words + "”" : s;
};
const SILENT = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "OPTION", "TEXTAREA", "TITLE", "TEMPLATE"]);
// Text a reader sees, as [node, element] pairs.
const texts = () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, e = node.parentElement;
    if (!node.data.trim() || SILENT.has(e.tagName) || e.closest("svg")) continue;
    if (shows(e) && !tucked(e)) found.push([node, e]);
  }
  return found;
};
