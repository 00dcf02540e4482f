"""The search, the site map and help, for everybody; synonyms, for editors."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import Permission

from participation.faq.actions.editing import publish_entry, write_entry
from participation.faq.models import Entry
from portal.organisations.models import Role
from portal.search import indexing, spelling
from portal.search.models import Synonym
from tests.accessibility.scenes import Scene, page, press, sign_in_as, then, write
from tests.people import World, staff


def questions(world: World, count: int = 12) -> None:
    """More than one page of results holds; the last is out of date in Arabic."""
    for number in range(count):
        entry = Entry(
            slug=f"permit-{number}", question_ar=f"كيف أجدد التصريح رقم {number}؟", topic=world.topic,
            question_en=f"How do I renew permit number {number}?", answer_ar="يُجدَّد إلكترونيًا.", unit=world.licensing,
            answer_en="It is renewed online, with your **identity card**.",
        )  # fmt: skip
        publish_entry(entry=write_entry(entry=entry, by=None), by=None)
    Entry.objects.filter(slug=f"permit-{count - 1}").update(outdated="ar")
    indexing.refresh()
    spelling.learn()


def search_scenes(world: World) -> Iterator[Scene]:
    yield Scene("search empty", page("search/"))
    questions(world)
    yield Scene("search results", page("search/?q=permit"))
    yield Scene("search results in Arabic", page("search/?q=التصريح"))
    yield Scene("search results, last page", page("search/?q=permit&page=2"))
    yield Scene("search results of a kind", page("search/?q=permit&kind=faq"))
    yield Scene("search nothing of a kind", page("search/?q=permit&kind=news"))
    yield Scene("search nothing, did you mean", page("search/?q=premit"))
    yield Scene("search nothing", page("search/?q=zzzzzzz"))
    yield Scene("site map", page("sitemap/"))
    yield Scene("help", page("help/"))


def search_desk_scenes(world: World) -> Iterator[Scene]:
    editor = staff("siham", world.licensing, Role.LEAD)
    editor.user_permissions.add(*Permission.objects.filter(content_type__app_label="search"))
    group = Synonym.objects.create(words="رخصة، تصريح, licence, permit")
    yield Scene("synonyms", then(sign_in_as(editor), page("search/synonym/")))
    yield Scene("new synonyms", page("search/synonym/add/"))
    yield Scene(
        "new synonyms with errors",
        then(page("search/synonym/add/"), write("words", "alone"), press("input[name=_save]")),
    )
    yield Scene("change synonyms", page(f"search/synonym/{group.pk}/change/"))
    yield Scene("delete synonyms", page(f"search/synonym/{group.pk}/delete/"))
