"""What others show of policies: the feed "policies" and the site map."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.pages.models import PolicyVersion
from portal.feeds.registry import FeedEntry, FeedTopic
from portal.site_map import Page, Section


def entries(limit: int) -> list[FeedEntry]:
    """Versions by the time they came into force, newest first; the texts a portal begins with are no news."""
    rows = PolicyVersion.objects.published().filter(author__isnull=False).select_related("policy").without_texts()
    return [_entry(row) for row in rows.order_by("-publish_at", "-id")[:limit]]


def _entry(row: PolicyVersion) -> FeedEntry:
    title = row.title
    if row.number > 1:
        title = _("%(policy)s: version %(number)d") % {"policy": row.title, "number": row.number}
    return FeedEntry(
        key=f"pages.policyversion:{row.pk}",
        title=title,
        summary=row.changes or row.summary,
        path=row.path,
        published_at=row.publish_at,  # type: ignore[arg-type]
    )


TOPIC = FeedTopic(
    slug="policies",
    title=gettext_lazy("Policies"),
    description=gettext_lazy("New versions of the portal's policies, with what has changed in each."),
    page="pages:list",
    entries=entries,
    position=70,
)


def pages() -> Iterator[Page]:
    """The list with every policy in force."""
    rows = PolicyVersion.objects.current().select_related("policy").without_texts().in_page_order()
    children = tuple(Page(row.title, row.policy.path, row.publish_at) for row in rows)
    yield Page(_("Policies"), "/policies/", children=children)


SECTION = Section(key="policies", title=gettext_lazy("Policies"), pages=pages, position=60)
