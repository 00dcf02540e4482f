// Where the reader's own colours replace those of the page, backgrounds and shadows are gone: borders must remain.
const found = [];
for (const e of document.querySelectorAll("button,input:not([type=hidden]),select,textarea,[role=button],.button")) {
  if (!shows(e) || tucked(e)) continue;
  const s = getComputedStyle(e);
  const native = ["radio", "checkbox", "range", "color"].includes(e.type) && s.appearance !== "none";
  const sides = ["Top", "Bottom", "Left", "Right"];
  const bordered = sides.every((side) => s["border" + side + "Style"] !== "none" && parseFloat(s["border" + side + "Width"]) >= 1);
  const outlined = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1;
  const underlined = s.textDecorationLine.includes("underline");
  if (!native && !bordered && !outlined && !underlined) found.push("no border: " + label(e));
  if (s.forcedColorAdjust === "none") found.push("keeps its own colours: " + label(e));
}
return [...new Set(found)].slice(0, 5);
