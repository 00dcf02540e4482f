"""What policies may say of the catalogue, counted when they are read."""

from __future__ import annotations

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opendata.catalogue.choices import FORMATS, LICENCE_URLS, Licence
from opendata.catalogue.models import Dataset, VersionFile
from portal.live_facts import Fact


def open_datasets() -> str:
    """How many datasets are published, with the link to them."""
    count = Dataset.objects.published().count()
    words = ngettext("%(count)d dataset", "%(count)d datasets", count) % {"count": count}
    return f"[{words}]({reverse('catalogue:list')})"


def open_data_formats() -> str:
    """The formats datasets are offered in now; before the first, those they will be."""
    offered = VersionFile.objects.filter(version__in=Dataset.objects.published().values("latest"))
    codes = set(offered.order_by().values_list("format", flat=True).distinct()) or set(FORMATS)
    return _(", ").join(one.label for one in FORMATS.values() if one.code in codes and one.is_table)


def open_data_licences() -> str:
    """A table of the licences a dataset may carry, and how many carry each."""
    found = Dataset.objects.published().order_by().values_list("latest__licence").annotate(Count("pk"))
    counts = dict(found.values_list("latest__licence", "pk__count"))
    head = f"| {_('Licence')} | {_('Datasets')} |\n|---|---|"
    rows = [f"| [{one.label}]({LICENCE_URLS[one]}) | {counts.get(one.value, 0)} |" for one in Licence]
    return "\n".join([head, *rows])


FACTS = (
    Fact("open_datasets", gettext_lazy("How many datasets are published, with the link to them"), open_datasets),
    Fact("open_data_formats", gettext_lazy("The formats datasets are offered in"), open_data_formats),
    Fact(
        "open_data_licences",
        gettext_lazy("The licences of datasets, and how many carry each"),
        open_data_licences,
        is_block=True,
    ),
)
