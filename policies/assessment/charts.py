"""The charts of the report."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from policies.assessment.reading import Report
from policies.assessment.scoring import Score
from policies.assessment.states import Area
from portal.figures.charts import Chart, Series, bars, lines

PER_CENT = "%"


def of_year(report: Report) -> Chart | None:
    """The organisations of a year, the furthest first; none while nothing is accepted."""
    scored = sorted(report.scored, key=lambda line: -line.score.total)  # type: ignore[union-attr]
    if not scored:
        return None
    return bars(
        _("Progress in %(year)d, in per cent of what can be reached") % {"year": report.indicator_set.year},
        [str(line.organisation) for line in scored],
        [float(line.score.total) for line in scored],  # type: ignore[union-attr]
        key="progress",
        unit=PER_CENT,
        label_heading=_("Organisation"),
        value_heading=_("Progress"),
    )


def of_areas(score: Score) -> Chart:
    """The areas of one organisation and year."""
    shown = [area for area in Area if area in score.areas]
    return bars(
        _("Progress by area, in per cent of what can be reached"),
        [str(area.label) for area in shown],
        [float(score.areas[area]) for area in shown],
        key="areas",
        unit=PER_CENT,
        label_heading=_("Area"),
        value_heading=_("Progress"),
    )


def over_years(years: Sequence[int], scores: Sequence[Score], title: str) -> Chart | None:
    """In all and by area over the years, oldest first; none of a single year."""
    if len(years) < 2:
        return None
    areas = [area for area in Area if all(area in score.areas for score in scores)]
    series = [Series(_("In all"), [float(score.total) for score in scores])]
    series += [Series(str(area.label), [float(score.areas[area]) for score in scores]) for area in areas]
    return lines(
        title, [str(year) for year in years], series, key="years", unit=PER_CENT, highest=100, label_heading=_("Year")
    )
