// Note every stop of the Tab key: it is looked at when the next press comes, after the page has scrolled to it.
const whole = arguments[0];
const main = document.querySelector("main, #content") || document.body;
const groups = new Map();
const STOPS = "a[href],area[href],button,input:not([type=hidden]),select,textarea,summary,iframe,[tabindex],[contenteditable=true],audio[controls],video[controls]";
const expected = [...document.querySelectorAll(STOPS)].filter((e) => {
  if (e.disabled || e.tabIndex < 0 || !shows(e) || e.closest("[inert]") || e.matches("fieldset[disabled] *")) return false;
  if (e.tagName === "SUMMARY" && e.parentElement.querySelector("summary") !== e) return false;
  if (e.type !== "radio" || !e.name) return true;
  const key = (e.form ? [...document.forms].indexOf(e.form) : "") + e.name;
  if (!groups.has(key)) groups.set(key, [...document.getElementsByName(e.name)].filter((r) => r.form === e.form && !r.disabled));
  const group = groups.get(key);
  return e === (group.find((r) => r.checked) || group[0]);
});
const outside = JSON.stringify(expected.filter((e) => !main.contains(e)).map(label));
const walk = whole.includes(outside) ? expected.filter((e) => main.contains(e) && e !== main) : expected;
const state = { expected: walk, stops: [], found: [], outside };
const covers = (e) => {
  const r = e.getClientRects()[0];
  if (!r) return false;
  // Of a field longer than the window, the part within it.
  const left = Math.max(0, r.left), right = Math.min(innerWidth, r.right);
  const top = Math.max(0, r.top), bottom = Math.min(innerHeight, r.bottom);
  const points = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9], [0.5, 0.25], [0.5, 0.75]];
  return points.every(([x, y]) => {
    const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
    return !hit || !(e.contains(hit) || hit.contains(e) || [...(e.labels || [])].some((l) => l.contains(hit)));
  });
};
state.look = () => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement || state.stops.includes(e)) return;
  state.stops.push(e);
  const s = getComputedStyle(e), r = e.getBoundingClientRect();
  if (r.width < 2 || r.height < 2 || !shows(e) || tucked(e)) state.found.push("focus on what cannot be seen: " + label(e));
  else if (r.bottom <= 0 || r.top >= innerHeight || r.right <= 0 || r.left >= innerWidth) state.found.push("focus outside the window: " + label(e));
  else if (s.outlineStyle === "none" || parseFloat(s.outlineWidth) < 1) state.found.push("no outline shows the focus: " + label(e));
  else if (covers(e)) state.found.push("focus obscured: " + label(e));
  if (e.tabIndex > 0) state.found.push("its own place in the order (tabindex " + e.tabIndex + "): " + label(e));
};
document.addEventListener("keydown", (event) => event.key === "Tab" && state.look(), true);
window.keyboardWalk = state;
// Start before the first stop: the browser goes on from where a focused element was taken away.
const start = document.createElement("span");
start.tabIndex = -1;
(walk === expected ? document.body : main).prepend(start);
start.focus();
start.remove();
return walk.length;
