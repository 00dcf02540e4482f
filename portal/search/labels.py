"""Words for what is done to synonyms, for staff to read."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "search.synonym_written": _("Synonyms written"),
    "search.synonym_changed": _("Synonyms changed"),
    "search.synonym_deleted": _("Synonyms deleted"),
}
