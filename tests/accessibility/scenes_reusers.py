"""The guide for reusers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from accessibility.scanner.scene import Scene
from tests.accessibility.scenes import page
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.people import World


def reuser_scenes(world: World) -> Iterator[Scene]:
    """Without datasets; with notices of every kind; while queries do not work."""
    yield Scene("reusers empty", page("data/reusers/"))
    house = making.make_house("statistics")
    dataset = making.make_dataset(house, slug="population-by-governorate", title_ar="السكان حسب المحافظة والسنة",
                                  title_en="Population by governorate and year")  # fmt: skip
    making.published(dataset, "year,governorate,population,area\n2023,مسقط,1473000,a\n2023,ظفار,528000,b\n")
    making.published(dataset, "year,governorate,population\n2023,مسقط,1473000.5\n2023,ظفار,528000.5\n")
    making.withdrawn(shown.version(shown.dataset(house, "gone")))
    yield Scene("reusers", page("data/reusers/"))
    later = timezone.now() + timedelta(seconds=5)
    shown.version(shown.dataset(house, "newest"), query_sha256="a" * 64, published_at=later)
    yield Scene("reusers not working", page("data/reusers/"))
