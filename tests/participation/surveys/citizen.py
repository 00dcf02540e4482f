"""Somebody who answers the survey of tests/questionnaires.py in a browser."""

from __future__ import annotations

import re
from typing import Any

from participation.surveys.models import Questionnaire
from tests.questionnaires import question


def typed(survey: Questionnaire, **said: Any) -> dict[str, Any]:
    """The fields of a page, by the English texts of its questions: labels for choices, else what is typed."""
    data: dict[str, Any] = {}
    for text, value in said.items():
        asked = question(survey, text)
        name = f"q{asked.pk}"
        ids = {option.label_en: option.pk for option in asked.options.all()}
        if asked.kind == "matrix":
            data |= {
                f"{name}_row_{row.pk}": ids[value[row.label_en]] for row in asked.rows.all() if row.label_en in value
            }
        elif asked.kind == "ranking":
            data |= {f"{name}_rank_{ids[label]}": place for label, place in value.items()}
        elif ids:
            labels = [value] if isinstance(value, str) else value
            data[name] = [ids[label.partition(":")[0]] for label in labels]
            data |= {f"{name}_text_{ids[label.split(':')[0]]}": label.split(":")[1] for label in labels if ":" in label}
        else:
            data[name] = value
    return data


class Citizen:
    """Somebody who answers the survey in one browser."""

    def __init__(self, client: Any, survey: Questionnaire, language: str = "en", grant: str = "") -> None:
        self.client, self.survey = client, survey
        self.base = f"/{language}/surveys/{survey.slug}/"
        self.at = self.follow(client.post(f"{self.base}{grant}"))

    def follow(self, response: Any) -> str:
        """Go where a response leads, to the page that is shown at last."""
        self.response = response
        self.at = response.request["PATH_INFO"]
        while self.response.status_code == 303:
            self.at = self.response.url
            self.response = self.client.get(self.at)
        return self.at

    @property
    def page(self) -> str:
        return str(self.response.content.decode())

    def send(self, do: str = "next", **said: Any) -> str:
        return self.follow(self.client.post(self.at, typed(self.survey, **said) | {"do": do}))

    @property
    def number(self) -> str:
        """The end of the address: a page's number, `review` or `saved`."""
        return self.at.partition("?")[0].rstrip("/").rpartition("/")[2]

    def cast(self) -> Any:
        """Press Send on the review, in a browser that keeps cookies."""
        version = re.search(r'name="version" value="(\d+)"', self.page).group(1)
        response = self.client.post(self.at, {"version": version})
        if response.status_code == 307:
            response = self.client.post(response.url, {"version": version})
        self.follow(response)
        return response


def to_the_review(client: Any, survey: Questionnaire, language: str = "en", grant: str = "") -> Citizen:
    citizen = Citizen(client, survey, language, grant)
    citizen.send(used="Yes", channels=["Web", "Other: by post"])
    citizen.send(ease="٤", aspects={"Speed": "Good", "Care": "Bad"})
    citizen.send(visits="١٢", last="٣١/١/٢٠٢٦", nickname="Nasser", site="portal")
    citizen.send(wishes={"Staff": 1, "Hours": 2, "Parking": 3}, comment="شكرا")
    citizen.follow(client.post(citizen.at, {"gender": "female", "governorate": "muscat"}))
    assert citizen.number == "review", citizen.page
    return citizen
