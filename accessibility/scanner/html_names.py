"""Elements, attributes and roles of HTML: https://html.spec.whatwg.org/multipage/indices.html and WAI-ARIA 1.2."""

from __future__ import annotations


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


GLOBAL = _set(
    "accesskey autocapitalize autocorrect autofocus class contenteditable dir draggable enterkeyhint hidden id inert"
    " inputmode is itemid itemprop itemref itemscope itemtype lang nonce popover role slot spellcheck style tabindex"
    " title translate writingsuggestions xml:lang"
)
PLAIN = _set(
    "abbr address article aside b bdi bdo br caption cite code dd dfn div dl dt em figcaption figure footer h1 h2 h3 h4"
    " h5 h6 head header hgroup hr i kbd legend main mark menu nav noscript p picture pre rp rt ruby s samp search"
    " section small span strong sub summary sup table tbody template tfoot thead title tr u ul var wbr datalist"
)
_SENDING = "formaction formenctype formmethod formnovalidate formtarget"
_FETCHING = "crossorigin fetchpriority referrerpolicy integrity blocking"
ELEMENTS = {
    "a": _set("href target download ping rel hreflang type referrerpolicy"),
    "area": _set("alt coords shape href target download rel"),
    "audio": _set("src crossorigin preload autoplay loop muted controls"),
    "base": _set("href target"),
    "blockquote": _set("cite"),
    "body": _set(""),
    "button": _set(f"disabled form {_SENDING} name popovertarget popovertargetaction type value"),
    "canvas": _set("width height"),
    "col": _set("span"),
    "colgroup": _set("span"),
    "data": _set("value"),
    "del": _set("cite datetime"),
    "details": _set("name open"),
    "dialog": _set("open"),
    "fieldset": _set("disabled form name"),
    "form": _set("accept-charset action autocomplete enctype method name novalidate rel target"),
    "html": _set("xmlns"),
    "iframe": _set("src srcdoc name sandbox allow allowfullscreen width height referrerpolicy loading"),
    "img": _set(f"alt src srcset sizes usemap ismap width height decoding loading {_FETCHING}"),
    "input": _set(
        "accept alt autocomplete checked dirname disabled form height list max maxlength min minlength multiple name"
        f" pattern placeholder readonly required size src step type value width {_SENDING}"
    ),
    "ins": _set("cite datetime"),
    "label": _set("for"),
    "li": _set("value"),
    "link": _set(f"href rel as media hreflang type sizes imagesrcset imagesizes color disabled {_FETCHING}"),
    "meta": _set("name http-equiv content charset media property"),
    "meter": _set("value min max low high optimum"),
    "ol": _set("reversed start type"),
    "optgroup": _set("disabled label"),
    "option": _set("disabled label selected value"),
    "output": _set("for form name"),
    "progress": _set("value max"),
    "q": _set("cite"),
    "script": _set(f"src type nomodule async defer {_FETCHING}"),
    "select": _set("autocomplete disabled form multiple name required size"),
    "source": _set("type src srcset sizes media width height"),
    "style": _set("media blocking type"),
    "td": _set("colspan rowspan headers"),
    "textarea": _set(
        "autocomplete cols dirname disabled form maxlength minlength name placeholder readonly required rows wrap"
    ),
    "th": _set("abbr colspan rowspan headers scope"),
    "time": _set("datetime"),
    "track": _set("default kind label src srclang"),
    "video": _set("src crossorigin poster preload autoplay playsinline loop muted controls width height"),
}
OLD = _set("align bgcolor border cellpadding cellspacing height valign width")
"""Attributes of old that mail programs still want."""
ROLES = _set(
    "alert alertdialog application article banner blockquote button caption cell checkbox code columnheader combobox"
    " complementary contentinfo definition deletion dialog document emphasis feed figure form generic grid gridcell"
    " group heading img insertion link list listbox listitem log main marquee math menu menubar menuitem"
    " menuitemcheckbox menuitemradio meter navigation none note option paragraph presentation progressbar radio"
    " radiogroup region row rowgroup rowheader scrollbar search searchbox separator slider spinbutton status strong"
    " subscript superscript switch tab table tablist tabpanel term textbox time timer toolbar tooltip tree treegrid"
    " treeitem"
)
