"""How the kinds of questions look that need more than one control; the usual kinds use the usual ones.

What is typed comes under `q<question>`, and under `q<question>_text_<option>`, `q<question>_row_<row>` and
`q<question>_rank_<option>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from participation.surveys.answers import Asked
from participation.surveys.kinds import QuestionKind
from portal.digits import fold_digits

Raw = Mapping[str, list[str]]
"""What was typed for one question, by the end of the control's name ("" for the name itself)."""


def raw_of(data: Any, name: str) -> dict[str, list[str]]:
    """What was typed under this name and the names that begin with it."""
    lists = dict(data.lists() if hasattr(data, "lists") else data)
    return {key[len(name) :]: values for key, values in lists.items() if key == name or key.startswith(f"{name}_")}


def first(raw: Raw, end: str) -> str:
    """What was typed in a control that can be there only once."""
    return next(iter(raw.get(end, [])), "")


class QuestionWidget(forms.Widget):
    """Draws a question that needs more than one control. Subclasses say what their template needs."""

    use_fieldset = True

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.asked = asked
        self.target = ""
        """End of the id of the control an error is about; the first one unless set."""

    def id_for_label(self, id_: str) -> str:
        return f"{id_}{self.target}" if self.target else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Raw:
        return raw_of(data, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not raw_of(data, name)

    def get_context(self, name: str, value: Raw | None, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        invalid = bool(context["widget"]["attrs"].get("aria-invalid"))
        id_ = context["widget"]["attrs"].get("id", name)
        context |= self.controls(name, id_, value or {}, invalid)
        return context

    def controls(self, name: str, id_: str, raw: Raw, invalid: bool) -> dict[str, Any]:
        """What the template writes: names, ids, values, and which are chosen."""
        raise NotImplementedError

    def _marks(self, id_: str, end: str, invalid: bool) -> dict[str, Any]:
        """Say of the control that the error is about that it is wrong; the others are fine."""
        return {"id": f"{id_}{end}", "invalid": invalid and self.target == end}


class ChoicesWidget(QuestionWidget):
    """Radio buttons or check boxes, with a line for words where an option asks for them."""

    template_name = "participation/surveys/fields/choices.html"

    def controls(self, name: str, id_: str, raw: Raw, invalid: bool) -> dict[str, Any]:
        several = self.asked.kind == QuestionKind.MULTIPLE
        return {
            "type": "checkbox" if several else "radio",
            "options": [self._option(name, id_, raw, invalid, *numbered) for numbered in enumerate(self.asked.options)],
        }

    def _option(self, name: str, id_: str, raw: Raw, invalid: bool, index: int, option: Any) -> dict[str, Any]:
        found = {
            "name": name,
            "id": f"{id_}_{index}",
            "value": option.pk,
            "label": option.label,
            "checked": str(option.pk) in raw.get("", []),
        }
        if option.takes_text:
            end = f"_text_{option.pk}"
            words = {"name": f"{name}{end}", "value": first(raw, end)}
            found["words"] = words | self._marks(id_, end, invalid)
        return found


class ScaleWidget(QuestionWidget):
    """Points in a row; the first and the last carry their words."""

    template_name = "participation/surveys/fields/scale.html"

    def controls(self, name: str, id_: str, raw: Raw, invalid: bool) -> dict[str, Any]:
        points = self.asked.question.points
        ends = {points[0]: self.asked.question.low_label, points[-1]: self.asked.question.high_label}
        chosen = {fold_digits(value) for value in raw.get("", [])}
        return {
            "options": [
                {"name": name, "id": f"{id_}_{index}", "value": point, "label": point, "end": ends.get(point, ""),
                 "checked": str(point) in chosen}
                for index, point in enumerate(points)
            ]
        }  # fmt: skip


class MatrixWidget(QuestionWidget):
    """One group of radio buttons for each line."""

    template_name = "participation/surveys/fields/matrix.html"

    def id_for_label(self, id_: str) -> str:
        end = self.target or f"_row_{self.asked.rows[0].pk}_0" if self.asked.rows else ""
        return f"{id_}{end}" if end else ""

    def controls(self, name: str, id_: str, raw: Raw, invalid: bool) -> dict[str, Any]:
        return {"lines": [self._line(name, id_, raw, row, invalid) for row in self.asked.rows]}

    def _line(self, name: str, id_: str, raw: Raw, row: Any, invalid: bool) -> dict[str, Any]:
        end = f"_row_{row.pk}"
        options = [
            {
                "name": f"{name}{end}",
                "id": f"{id_}{end}_{index}",
                "value": option.pk,
                "label": option.label,
                "checked": str(option.pk) in raw.get(end, []),
            }
            for index, option in enumerate(self.asked.options)
        ]
        is_missing = invalid and bool(self.target) and not any(raw.get(end, []))
        return {"label": row.label, "options": options, "invalid": is_missing}


class RankingWidget(QuestionWidget):
    """A number to choose for each option."""

    template_name = "participation/surveys/fields/ranking.html"

    def controls(self, name: str, id_: str, raw: Raw, invalid: bool) -> dict[str, Any]:
        options = self.asked.options
        most = min(self.asked.question.most or len(options), len(options))
        lines = []
        for index, option in enumerate(options):
            end = f"_rank_{option.pk}"
            chosen = fold_digits(first(raw, end))
            ranks = [{"value": rank, "selected": chosen == str(rank)} for rank in range(1, most + 1)]
            line = {"name": f"{name}{end}", "id": f"{id_}_{index}", "label": option.label, "ranks": ranks}
            lines.append(line | {"invalid": invalid})
        return {"lines": lines}
