const found = [];
const all = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].filter(shows);
const tops = all.filter((e) => e.tagName === "H1");
if (tops.length !== 1) found.push(tops.length + " headings of level 1" + tops.map((e) => ": " + label(e)).join(""));
let before = 0;
for (const e of all) {
  const level = Number(e.tagName[1]);
  if (before && level > before + 1) found.push("level " + level + " after " + before + ": " + label(e));
  if (!e.textContent.trim()) found.push("empty: " + label(e));
  before = level;
}
return found;
