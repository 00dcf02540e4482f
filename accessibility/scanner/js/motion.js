const found = [];
const seconds = (list) => Math.max(...list.split(",").map((s) => parseFloat(s) * (s.trim().endsWith("ms") ? 0.001 : 1)));
for (const a of document.getAnimations()) {
  if (a.playState === "running") found.push("moves: " + (a.effect?.target ? label(a.effect.target) : a.id));
}
for (const e of document.querySelectorAll("body, body *")) {
  const s = getComputedStyle(e);
  if (s.animationName !== "none" && seconds(s.animationDuration) > 0.01) found.push("animation of " + label(e));
  else if (seconds(s.transitionDuration) > 0.01) found.push("transition of " + label(e));
  else if (s.scrollBehavior === "smooth") found.push("smooth scrolling of " + label(e));
}
return [...new Set(found)].slice(0, 5);
