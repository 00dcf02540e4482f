"""The feed "data": new versions, corrections and withdrawals of datasets."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opendata.catalogue.choices import Kind
from opendata.catalogue.models import Version
from portal.agenda import Latest, Tool
from portal.bilingual import bare_path
from portal.feeds.registry import FeedEntry, FeedTopic

_HEAVY = ("preview", "columns", "manifest", "signature")


def entries(limit: int) -> list[FeedEntry]:
    """What was published, corrected or withdrawn, newest first. What was withdrawn is told as that alone."""
    rows = Version.objects.select_related("dataset__asset__organisation").defer(*_HEAVY)
    published = rows.standing().order_by("-published_at")[:limit]
    withdrawn = rows.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at")[:limit]
    found = [*map(_published, published), *map(_withdrawn, withdrawn)]
    return sorted(found, key=lambda entry: entry.published_at, reverse=True)[:limit]


def _published(version: Version) -> FeedEntry:
    words = {"title": version.dataset.title, "number": version.number}
    title = _("%(title)s: version %(number)s") % words
    if version.kind == Kind.CORRECTION:
        title = _("%(title)s: corrected in version %(number)s") % words
    return FeedEntry(
        key=f"catalogue.version:{version.pk}",
        title=title,
        summary=_summary(version),
        path=bare_path(version.get_absolute_url()),
        published_at=version.published_at,
    )


def _summary(version: Version) -> str:
    rows = ngettext("%(count)d row.", "%(count)d rows.", version.rows) % {"count": version.rows}
    return " ".join(filter(None, [version.change_note, rows, str(version.dataset.asset.organisation)]))


def _withdrawn(version: Version) -> FeedEntry:
    words = {"title": version.dataset.public_title, "number": version.number}
    assert version.withdrawn_at is not None
    return FeedEntry(
        key=f"catalogue.withdrawal:{version.pk}",
        title=_("%(title)s: version %(number)s was withdrawn") % words,
        summary=version.withdrawn_because,
        path=bare_path(version.get_absolute_url()),
        published_at=version.withdrawn_at,
    )


def latest() -> Latest | None:
    """The newest of them."""
    newest = next(iter(entries(1)), None)
    return Latest(newest.title, newest.published_at, newest.path) if newest else None


TOPIC = FeedTopic(
    slug="data",
    title=gettext_lazy("Open data"),
    description=gettext_lazy("New versions of datasets, corrections, and what was withdrawn."),
    page="catalogue:list",
    entries=entries,
    position=50,
)
TOOL = Tool(
    key="data",
    title=gettext_lazy("Open data"),
    description=gettext_lazy("Data of government agencies, free for everybody to download, use and pass on."),
    url_name="catalogue:list",
    action=gettext_lazy("See the datasets"),
    position=80,
    latest=latest,
)
