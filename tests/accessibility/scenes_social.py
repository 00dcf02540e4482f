"""Official accounts, display preferences and barrier reports, for everybody and for editors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from participation.social.actions import delist_account, edit_account, list_account, propose_account
from participation.social.models import Account
from participation.social.reminding import remind
from portal.organisations.models import Role
from portal.working_days.hours import is_open
from portal.working_days.models import Calendar
from tests.accessibility.scenes import Scene, page, press, sign_in_as, then, write
from tests.people import World, staff


def account(world: World, name: str, **changes: Any) -> Account:
    """A listed account called so; dates that a listing would refuse are set afterwards."""
    today = timezone.localdate()
    content = {
        "platform": "x", "handle": name, "address": f"https://x.com/{name}", "unit": world.licensing,
        "holder_job_ar": "محرر", "holder_job_en": "Editor", "holder_name": "خالد", "resolution_number": "2026/5",
        "resolution_date": today - timedelta(days=400), "authorised_until": today + timedelta(days=200),
        "purpose_ar": "أخبار الرخص", "purpose_en": "News of licences", "audience_ar": "أصحاب الأعمال",
        "audience_en": "Owners of businesses", "languages": ["ar", "en"], "last_post_on": today,
    }  # fmt: skip
    made = list_account(account=propose_account(by=world.officer, **content), by=world.lead)
    Account.objects.filter(pk=made.pk).update(listed_at=timezone.now() - timedelta(days=300), **changes)
    made.refresh_from_db()
    return made


def accounts(world: World) -> dict[str, Account]:
    """One in each standing, and a letter about each that needs one."""
    today = timezone.localdate()
    found = {
        "official": account(world, "ministry_om"),
        "quiet": account(world, "quiet_om", last_post_on=today - timedelta(days=40)),
        "inactive": account(world, "asleep_om", last_post_on=today - timedelta(days=100)),
        "expired": account(world, "ended_om", authorised_until=today - timedelta(days=3)),
        "delisted": account(world, "gone_om"),
    }
    reasons = {"ground": "replaced", "reason_ar": "حل محله حساب آخر", "reason_en": "Another took its place"}
    delist_account(account=found["delisted"], by=world.lead, **reasons)
    content = {name: getattr(found["official"], name) for name in (
        "unit", "holder_job_ar", "holder_job_en", "resolution_number", "resolution_date", "authorised_until",
        "purpose_ar", "purpose_en", "audience_ar", "audience_en", "languages",
    )}  # fmt: skip
    found["proposed"] = propose_account(
        by=world.officer, platform="instagram", handle="new_om", address="https://www.instagram.com/new_om/", **content
    )
    remind(_at_work())
    return found


def _at_work() -> Any:
    """A moment within working hours, not long from now."""
    calendar = Calendar.objects.default()
    hours = Calendar.objects.working_hours_by_calendar([calendar.pk])[calendar.pk]
    noon = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    return next(at for at in (noon + timedelta(days=day) for day in range(1, 40)) if is_open(hours, at))


def display_saved(browser: Chrome, base: str) -> None:
    """Everything chosen and saved, and then the page of preferences in that look."""
    browser.get(f"{base}accessibility/display/")
    for value in ("high", "dark", "150", "wide", "underlined", "reduced"):
        browser.find_element(By.CSS_SELECTOR, f"input[value='{value}']").click()
    browser.find_element(By.CSS_SELECTOR, "button[value='save']").click()


def display_standard(browser: Chrome, base: str) -> None:
    browser.get(f"{base}accessibility/display/")
    browser.find_element(By.CSS_SELECTOR, "button[value='standard']").click()


def barrier_sent(browser: Chrome, base: str) -> None:
    browser.get(f"{base}accessibility/report/?page=/faq/")
    browser.find_element(By.NAME, "text").send_keys(f"الجدول لا يُقرأ {timezone.now().timestamp()}")
    browser.find_element(By.CSS_SELECTOR, "main form button[type=submit]").click()


def display_scenes(world: World) -> Iterator[Scene]:
    """In the standard look, then in the look that differs most, then back."""
    yield Scene("display preferences", page("accessibility/display/"))
    yield Scene("display preferences saved", display_saved)
    for name in ("", "contact/", "participation/"):
        yield Scene(f"{name or 'home'} in high contrast, dark, large and wide", page(name))
    yield Scene("display preferences standard again", display_standard)


def barrier_scenes(world: World) -> Iterator[Scene]:
    yield Scene("report a barrier", page("accessibility/report/?page=/faq/"))
    yield Scene(
        "report a barrier with errors",
        then(page("accessibility/report/"), write("email", "x"), press("main form button")),
    )
    yield Scene("barrier reported", barrier_sent)
    yield Scene("a message sent before", page("track/?reference=7K2M-9QXF-4&repeated=yes"))


def social_scenes(world: World) -> Iterator[Scene]:
    yield Scene("accounts empty", page("social/"))
    yield Scene("check an account", page("social/check/"))
    accounts(world)
    yield Scene("accounts", page("social/"))
    yield Scene("check with errors", page("social/check/?q="))
    asked = ["ministry_om", "https://x.com/asleep_om", "mlnistry_om", "https://evil.example/ministry_om", "ended_om"]
    for typed in [*asked, "gone_om", "stranger"]:
        yield Scene(f"check {typed}", page(f"social/check/?q={typed}"))
    yield Scene("participation with accounts", page("participation/"))


def official_scenes(world: World) -> Iterator[Scene]:
    """Everything for everybody. The letters of the reminders are stored by it."""
    yield from social_scenes(world)
    yield from barrier_scenes(world)
    yield from display_scenes(world)


def social_desk_scenes(world: World) -> Iterator[Scene]:
    wanted = Permission.objects.filter(content_type__app_label="social")
    publisher = staff("bader_social", world.licensing, Role.LEAD)
    publisher.user_permissions.add(*wanted)
    found = accounts(world)
    path = {name: f"social/account/{row.pk}/" for name, row in found.items()}
    yield Scene("desk with accounts", then(sign_in_as(publisher), page("")))
    yield Scene("account list", page("social/account/"))
    yield Scene("account list of a standing", page("social/account/?standing=inactive"))
    yield Scene("new account", page("social/account/add/"))
    yield Scene("new account with errors", then(page("social/account/add/"), press("input[name=_save]")))
    for name in found:
        yield Scene(f"account form {name}", page(f"{path[name]}change/"))
    for name, verb in (("proposed", "list"), ("official", "posted"), ("official", "renew"), ("official", "delist")):
        yield Scene(f"{verb} an account", page(f"{path[name]}do/{verb}/"))
    yield Scene("delist with errors", then(page(f"{path['official']}do/delist/"), press("form.composer button")))
    yield Scene("delete a proposal", page(f"{path['proposed']}delete/"))
    row, gone, other = found["official"], found["quiet"], world.lead
    elsewhere = lambda *_: edit_account(account=row, by=other, purpose_ar="غيرها", languages=["en"])  # noqa: E731
    yield Scene("two editors of an account", then(page(f"{path['official']}change/"), elsewhere,
                                                  write("purpose_ar", "نصي"), press("input[name=_save]")))  # fmt: skip
    end = lambda *_: delist_account(  # noqa: E731
        account=gone, by=other, ground="closed", reason_ar="أغلق", reason_en="Closed"
    )
    yield Scene("account too late", then(page(f"{path['quiet']}change/"), end,
                                         write("purpose_ar", "نصي"), press("input[name=_save]")))  # fmt: skip
