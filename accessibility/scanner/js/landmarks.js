// Where the parts of the page start, from the side on which reading starts.
const html = document.documentElement, wide = html.clientWidth, rtl = getComputedStyle(html).direction === "rtl";
return [...document.querySelectorAll("header,nav,main,aside,footer,h1,#content")].filter((e) => shows(e) && !tucked(e)).map((e) => {
  const r = e.getBoundingClientRect();
  return [e.tagName.toLowerCase(), Math.round(rtl ? wide - r.right : r.left)];
}).slice(0, 20);
