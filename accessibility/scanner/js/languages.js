// Three words or more in the other script without a language of their own. What people wrote is of unknown language
// and says so by dir="auto" or <bdi>, as are the records in lists of staff; names and abbreviations are words of any
// language.
const found = [];
for (const [node, e] of texts()) {
  if (e.closest("bdi,[dir=auto],code,kbd,pre,samp,[translate=no],#result_list tbody")) continue;
  const language = (e.closest("[lang]")?.lang || "").slice(0, 2);
  const arabic = /[\u0621-\u064A]{2,}/.test(node.data);
  const latin = /(?:\b[A-Za-z][a-z’']*\s+){2,}[a-z’']{2,}/.test(node.data);
  if (!language && (arabic || latin)) found.push("no language: " + label(e));
  else if (language === "en" && arabic) found.push("Arabic in English: " + label(e));
  else if (language === "ar" && latin) found.push("English in Arabic: " + label(e));
}
return [...new Set(found)].slice(0, 5);
