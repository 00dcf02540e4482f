"""Requests for data: for everybody, for who asks, and for staff; with the letters written on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core import signing
from selenium.webdriver import Chrome

from accessibility.scanner.scene import Scene
from opendata.data_requests import links
from opendata.data_requests.actions.answering import answer_request
from opendata.data_requests.actions.asking import withdraw_request
from opendata.data_requests.actions.work import claim_request, merge_request, remove_request, route_request
from opendata.data_requests.choices import Outcome
from opendata.data_requests.models import DataRequest
from opendata.data_requests.promises import SUBJECT
from portal.clocks.models import Clock
from portal.organisations.models import Role
from portal.search.indexing import reindex
from tests.accessibility.scenes import letter_scenes, page, press, sign_in_as, then, write
from tests.opendata.data_requests.asking import accepted, answered, asset, officers, reply, reviewing, sent, version
from tests.people import World, staff

SEND = "main form[method=post]:not([action]) button[type=submit]"
LIST = "data/requests/"


def mine(asked: DataRequest) -> str:
    return f"{LIST}track/{links.tracking_token(asked, links.AFTER_LOOKUP)}/"


def confirmation(browser: Chrome, base: str) -> None:
    done = sent()
    path = links.confirmation_url(done.asked, done.secret).partition("/data/")[2]
    browser.get(f"{base}data/{path}")


def old_token() -> str:
    """Of a form that was open for a minute, as a person's is."""
    return signing.dumps({"id": str(time.time()), "at": time.time() - 60}, salt=links.FORM_SALT)


def fill(title: str) -> Callable[[Chrome, str], Any]:
    def enter(browser: Chrome, base: str) -> None:
        script = "document.querySelector('[name=token]').value = arguments[0]"
        browser.execute_script(script, old_token())
        write("title", title)(browser, base)
        write("text", "كل الجسور وأعمارها")(browser, base)

    return enter


def the_same_as(asked: DataRequest) -> Callable[[Chrome, str], Any]:
    """Ask for what somebody asked for already, in the language of the page."""

    def enter(browser: Chrome, base: str) -> None:
        fill((asked.public_title_en if base.endswith("/en/") else asked.public_title_ar) or "")(browser, base)

    return enter


def everybody(world: World) -> dict[str, DataRequest]:
    """One request for each state its page can be in."""
    found = {"waiting": accepted(world), "reviewing": reviewing(world), "unlisted": sent().asked}
    for kind in Outcome:
        made = version(world) if kind in (Outcome.RELEASED, Outcome.PARTLY) else None
        found[str(kind)] = answered(world, kind, version=made)
    found["merged"] = merge_request(asked=accepted(world), reference=found["waiting"].reference, by=world.officer)
    found["removed"] = remove_request(asked=sent().asked, ground="spam", by=world.triager)
    found["withdrawn"] = withdraw_request(asked=accepted(world))
    found["withdrawn unseen"] = withdraw_request(asked=sent().asked)
    found["asset"] = sent(asset=asset(world)).asked
    return found


def data_request_scenes(world: World) -> Iterator[Scene]:
    yield Scene("data requests empty", page(LIST))
    yield Scene("ask for data", page(f"{LIST}new/"))
    yield Scene("ask for data with errors", then(page(f"{LIST}new/"), press(SEND)))
    found = everybody(world)
    yield Scene("data requests", page(LIST))
    yield Scene("data requests narrowed", page(f"{LIST}?state=planned&sort=support"))
    yield Scene("data requests none fits", page(f"{LIST}?q=zzzzzz&state=open"))
    for name, asked in found.items():
        yield Scene(f"data request {name}", page(f"{LIST}{asked.reference}/"))
        yield Scene(f"own data request {name}", page(mine(asked)))
    row = found["asset"].asset
    yield Scene("ask for a data asset", page(f"{LIST}new/?asset={row.pk}"))
    list(reindex(["data-request"]))
    asks = the_same_as(found["waiting"])
    yield Scene("data request suggestions", then(page(f"{LIST}new/"), asks, press(SEND)))
    yield Scene("data request sent", confirmation)
    yield Scene("why a data request is due", page(f"{LIST}{found['waiting'].reference}/due/"))
    support = f"{LIST}{found['waiting'].reference}/"
    yield Scene("data request supported", then(page(support), press("form[action$='support/'] button")))
    yield Scene("track a data request", page(f"{LIST}track/"))
    yield Scene("track a data request with errors", then(page(f"{LIST}track/"), press(SEND)))
    yield Scene("data request link expired", page(f"{LIST}track/x/"))
    reconsider = "form:has(input[value=reconsider]) button"
    yield Scene("reconsider without a reason", then(page(mine(found["refused"])), press(reconsider)))
    yield Scene("support without cookies", then(page(support), no_cookie))
    yield from letter_scenes()


def no_cookie(browser: Chrome, base: str) -> None:
    """The browser sends the form as if the cookie it was given had not been kept."""
    browser.delete_all_cookies()
    script = "document.querySelector(\"form[action$='support/']\").action += '?again=yes'"
    browser.execute_script(script)
    press("form[action$='support/?again=yes'] button")(browser, base)


def data_request_desk_scenes(world: World) -> Iterator[Scene]:
    officers(world)
    root = "data_requests/datarequest/"
    lead = world.head
    yield Scene("data requests desk empty", then(sign_in_as(lead), page(root)))
    found = everybody(world)
    waiting, clock = found["waiting"], Clock.objects.about(SUBJECT, found["waiting"].pk).first()
    planned = accepted(world, asset=asset(world))
    answer_request(asked=planned, reply=reply(Outcome.PLANNED), by=world.officer)
    version(world, of=planned.asset)
    claim_request(asked=accepted(world), by=lead)
    yield Scene("desk with data requests", page(""))
    yield Scene("data requests desk", page(root))
    yield Scene("data requests now published", page(f"{root}?queue=published"))
    for name in ("waiting", "reviewing", "refused", "released", "asset", "merged"):
        yield Scene(f"desk of data request {name}", page(f"{root}{found[name].pk}/change/"))
    yield Scene("desk of a data request now published", page(f"{root}{planned.pk}/change/"))
    yield Scene("why a data request is due, for staff", page(f"{root}{waiting.pk}/due/{clock.pk}/"))  # type: ignore[union-attr]
    yield Scene("data request contact", then(page(f"{root}{waiting.pk}/change/"), press("dd form button")))
    for key in (*(f"answer_{kind}" for kind in Outcome), "word", "route", "merge", "assign", "remove"):
        address = f"{root}{waiting.pk}/do/{key}/"
        yield Scene(f"data request {key}", page(address))
        yield Scene(f"data request {key} with errors", then(page(address), press("form.composer button")))
    yield Scene("accept a data request", page(f"{root}{found['asset'].pk}/do/accept/"))
    typed = [write("holder_ar", "جهة"), write("holder_en", "Body"), write("text_ar", "نص"), write("text_en", "text")]
    address = f"{root}{waiting.pk}/do/answer_not_held/"
    yield Scene("preview of an answer", then(page(address), *typed, press("form.composer button")))
    wording = press("form.composer button")
    yield Scene("preview of a wording", then(page(f"{root}{waiting.pk}/do/word/"), wording))
    other = accepted(world)
    quick = lambda *_: answer_request(asked=other, reply=reply(), by=world.colleague)  # noqa: E731
    address = f"{root}{other.pk}/do/answer_not_held/"
    yield Scene("two officers answer", then(page(address), *typed, quick, press("form.composer button")))
    gone = accepted(world)
    away = lambda *_: route_request(asked=gone, unit=world.other_unit, by=world.colleague)  # noqa: E731
    address = f"{root}{gone.pk}/do/answer_not_held/"
    yield Scene("answer too late", then(page(address), *typed, away, press("form.composer button")))
    viewer = staff("majid", world.licensing, Role.OFFICER, "view_datarequest")
    yield Scene("data request read only", then(sign_in_as(viewer), page(f"{root}{waiting.pk}/change/")))
    yield Scene("desk of data requests of the call centre", then(sign_in_as(world.triager), page("")))
