"""Every page in every state that matters, and how a browser gets there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from accessibility.scanner.scene import Scene
from participation.feedback import links
from participation.feedback.actions import citizen, work
from participation.feedback.models import Case, CaseAttachment, ReplyTemplate, RoutingRule
from participation.feedback.states import Ground
from portal.attachments.actions import accept_upload
from portal.clocks.models import Clock
from portal.clocks.sweep import recompute, sweep
from portal.mail.models import OutgoingMail
from portal.staff.models import User
from portal.working_days.actions import announce_closure, set_special_hours
from portal.working_days.models import Calendar
from tests.people import World, open_case, staff, submitted
from tests.running import wait_until


def page(path: str) -> Callable[[Chrome, str], None]:
    def enter(browser: Chrome, base: str) -> None:
        browser.get(base + path)

    return enter


def send(browser: Chrome) -> None:
    browser.find_element(By.CSS_SELECTOR, "main form button[type=submit]").click()


def contact_with_errors(browser: Chrome, base: str) -> None:
    browser.get(f"{base}contact/")
    browser.find_element(By.NAME, "email").send_keys("not an address")
    send(browser)


def contact_sent(browser: Chrome, base: str) -> None:
    browser.get(f"{base}contact/?kind=complaint")
    Select(browser.find_element(By.NAME, "topic")).select_by_index(1)
    browser.find_element(By.NAME, "text").send_keys(f"رسالة {timezone.now().timestamp()}")
    send(browser)


def track_with_errors(browser: Chrome, base: str) -> None:
    browser.get(f"{base}track/")
    browser.find_element(By.NAME, "reference").send_keys("wrong")
    send(browser)


def not_solved_without_reason(path: str) -> Callable[[Chrome, str], None]:
    def enter(browser: Chrome, base: str) -> None:
        browser.get(base + path)
        browser.find_element(By.CSS_SELECTOR, "form:has(input[value=not_solved]) button").click()

    return enter


def case_path(case: Case) -> str:
    return f"track/{links.tracking_token(case, timedelta(hours=2))}/"


def cases_in_all_states(world: World) -> dict[str, Case]:
    """One case for each state its sender can find it in."""
    by = world.officer
    found = {
        name: open_case(world)
        for name in ("open", "waiting", "answered", "closed", "referred", "removed", "late", "reopened")
    }
    work.ask_citizen(case=found["waiting"], text="ما رقم السجل؟", by=by)
    for name in ("answered", "closed", "reopened"):
        work.reply_to_case(case=found[name], text="تم تجديد الرخصة، ويمكن استلامها اليوم.", by=by)
    work.close_case(case=found["closed"], text="أغلقنا هذه الرسالة.", by=by)
    work.refer_case(case=found["referred"], authority=world.authority, text="أحلنا رسالتكم.", by=by)
    work.remove_case(case=found["removed"], ground=Ground.DEFAMATION, text="حُجبت الرسالة.", by=by)
    citizen.reopen_case(case=found["reopened"], text="لم تُحل المشكلة.")
    Clock.objects.about("feedback.case", found["late"].pk).open().update(
        due_at=timezone.now() - timedelta(days=9), started_at=timezone.now() - timedelta(days=30),
        next_action_at=timezone.now() - timedelta(minutes=1),
    )  # fmt: skip
    sweep()
    a_closure_moves_the_due_times(world)
    attach_a_file(found["answered"])
    found["held"] = submitted(world).case
    Case.objects.filter(pk=found["held"].pk).update(state="suspected", suspicion="links")
    return found


def a_closure_moves_the_due_times(world: World) -> None:
    calendar = Calendar.objects.default()
    day = timezone.localdate() + timedelta(days=1)
    announce_closure(
        calendar=calendar, name_ar="إجازة رسمية", name_en="Public holiday", first_day=day,
        last_day=day + timedelta(days=6), status="confirmed", by=world.administrator,
    )  # fmt: skip
    recompute()


def public_scenes(world: World) -> Iterator[Scene]:
    yield Scene("home", page(""))
    yield Scene("contact", page("contact/?kind=complaint"))
    yield Scene("contact with errors", contact_with_errors)
    yield Scene("contact sent", contact_sent)
    yield Scene("track", page("track/"))
    yield Scene("track with errors", track_with_errors)
    yield Scene("expired link", page("track/nothing/"))
    for name, case in cases_in_all_states(world).items():
        yield Scene(f"case {name}", page(case_path(case)))
        if name == "answered":
            yield Scene("not solved without reason", not_solved_without_reason(case_path(case)))
        if name in ("open", "waiting"):
            yield Scene(f"why then {name}", page(case_path(case) + "due/"))


def error_scenes() -> Iterator[Scene]:
    yield Scene("components", page("_gallery/"))
    for code in ("403", "404", "429", "500", "csrf", "locked"):
        yield Scene(f"error {code}", page(f"_error/{code}/"))


def letter_scenes() -> Iterator[Scene]:
    templates = OutgoingMail.objects.values_list("template", flat=True).distinct()
    for template in sorted(set(templates)):
        mail = OutgoingMail.objects.filter(template=template).first()
        yield Scene(f"letter {template}", page(f"_letter/{mail.pk}/"))


STAFF_LISTS = [
    "organisations/organisation/", "organisations/unit/", "organisations/topic/", "organisations/membership/",
    "staff/user/",
    "feedback/routingrule/", "feedback/replytemplate/", "clocks/policy/", "clocks/escalationstep/", "clocks/incident/",
    "working_days/calendar/", "working_days/weeklyhours/", "working_days/closure/", "working_days/specialhours/",
    "mail/outgoingmail/", "audit/auditevent/", "feeds/subscription/", "outcomes/commitment/",
    "outcomes/commitment/?due=soon", "surveys/population/",
]  # fmt: skip
STAFF_FORMS = [
    "organisations/unit/add/", "organisations/membership/add/", "staff/user/add/", "feedback/routingrule/add/",
    "feedback/routingrule/try/?text=رخصة", "feedback/replytemplate/add/", "clocks/policy/add/", "clocks/incident/add/",
    "working_days/closure/add/", "working_days/specialhours/add/", "password_change/",
    "outcomes/commitment/add/", "surveys/population/add/",
]  # fmt: skip


def sign_in_as(user: User) -> Callable[[Chrome, str], None]:
    """Give the browser a session of this person, without the form."""

    def enter(browser: Chrome, base: str) -> None:
        # Somebody hired on the way reads the language of this walk, as those who were there from the start do.
        here = User.objects.get(username="admin").language
        User.objects.filter(pk=user.pk).update(language=here)
        client = Client()
        client.force_login(user)
        browser.get(f"{base}robots.txt")
        browser.delete_all_cookies()
        browser.add_cookie(
            {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        )

    return enter


def then(*steps: Callable[[Chrome, str], Any]) -> Callable[[Chrome, str], None]:
    def enter(browser: Chrome, base: str) -> None:
        for step in steps:
            step(browser, base)

    return enter


def press(css: str) -> Callable[[Chrome, str], None]:
    """Press a button that sends a form, and wait for the page it leads to."""

    def enter(browser: Chrome, base: str) -> None:
        button = wait_until(lambda: next(iter(browser.find_elements(By.CSS_SELECTOR, css)), None))
        browser.execute_script("document.documentElement.dataset.left = 'yes'; arguments[0].click()", button)
        arrived = "return !document.documentElement.dataset.left && document.readyState === 'complete'"
        wait_until(lambda: browser.execute_script(arrived), seconds=60)

    return enter


def write(name: str, text: str) -> Callable[[Chrome, str], None]:
    def enter(browser: Chrome, base: str) -> None:
        field = browser.find_element(By.NAME, name)
        field.clear()
        field.send_keys(text)

    return enter


def open_details(browser: Chrome, base: str) -> None:
    browser.execute_script("document.querySelectorAll('details').forEach(item => item.open = true)")


def desk_scenes(world: World) -> Iterator[Scene]:
    """The desk, the lists and the case page, as each role sees them."""
    cases = cases_in_all_states(world)
    yield from sign_in_and_lists(world)
    yield from case_pages(world, cases)
    yield from call_centre(world, cases)


def sign_in_and_lists(world: World) -> Iterator[Scene]:
    yield Scene("sign-in", page("login/"))
    yield Scene("sign-in with errors", then(page("login/"), press("#login-form button")))
    nobody = staff("nobody")
    for user in (nobody, world.officer, world.triager, world.lead):
        yield Scene(f"desk of {user.username}", then(sign_in_as(user), page("")))
    yield Scene("case list", page("feedback/case/"))
    yield Scene("case list filtered", page("feedback/case/?q=رخصة&state=open"))
    yield Scene("case list empty", page("feedback/case/?q=zzzz"))
    yield Scene("bulk assign", then(page("feedback/case/"), bulk_assign))


def case_pages(world: World, cases: dict[str, Case]) -> Iterator[Scene]:
    """Pages of a case, for the team lead, whose session is open."""
    ReplyTemplate.objects.create(name_ar="شكر", name_en="Thanks", body_ar="شكرًا {name}", body_en="Thank you {name}")
    work.claim_case(case=cases["open"], by=world.officer)
    attach_a_file(cases["open"])
    work.add_note(case=cases["open"], text="ملاحظة داخلية", by=world.officer)
    change = f"feedback/case/{cases['open'].pk}/change/"
    composer = "section.composer form[method=post] button"
    for name, case in cases.items():
        if name != "held":
            yield Scene(f"staff case {name}", then(page(f"feedback/case/{case.pk}/change/"), open_details))
    yield Scene("template chosen", page(f"{change}?template={ReplyTemplate.objects.get().pk}"))
    yield Scene("reply with errors", then(page(change), press(composer)))
    yield Scene("reply preview", then(page(change), write("text", "تم تجديد الرخصة."), press(composer)))
    clock = Clock.objects.about("feedback.case", cases["open"].pk).open().first()
    yield Scene("staff why then", page(f"feedback/case/{cases['open'].pk}/due/{clock.pk}/"))
    yield Scene("conflict", then(page(change), lambda *_: work.assign_case(case=cases["open"], to=None, by=world.lead),
                                 write("text", "تم."), press(composer), press("button[value=send]")))  # fmt: skip
    moved = cases["late"]
    elsewhere = lambda *_: Case.objects.filter(pk=moved.pk).update(unit=world.other_unit)  # noqa: E731
    yield Scene(
        "case that left the unit",
        then(page(f"feedback/case/{moved.pk}/change/"), write("text", "تم."), elsewhere, press(composer)),
    )


def call_centre(world: World, cases: dict[str, Case]) -> Iterator[Scene]:
    triage = sign_in_as(world.triager)
    yield Scene("held case", then(triage, page(f"feedback/case/{cases['held'].pk}/change/"), open_details))
    yield Scene("register", page("feedback/case/register/"))
    yield Scene(
        "register with errors",
        then(page("feedback/case/register/"), press("#content form[method=post] button[type=submit]")),
    )
    yield Scene("registered", then(page("feedback/case/register/"), register))


def attach_a_file(case: Case) -> None:
    upload = accept_upload(SimpleUploadedFile("صورة الرخصة.txt", "نص".encode(), content_type="text/plain"))
    CaseAttachment.objects.create(case=case, attachment=upload)


def bulk_assign(browser: Chrome, base: str) -> None:
    browser.find_element(By.NAME, "_selected_action").click()
    action = Select(browser.find_element(By.NAME, "action"))
    action.select_by_index(1)
    press(".actions button")(browser, base)


def register(browser: Chrome, base: str) -> None:
    browser.find_element(By.CSS_SELECTOR, "input[name=kind], select[name=kind]")
    for name in ("kind", "channel", "language", "topic"):
        for element in browser.find_elements(By.CSS_SELECTOR, f"select[name={name}]"):
            Select(element).select_by_index(1)
        for element in browser.find_elements(By.CSS_SELECTOR, f"input[type=radio][name={name}]")[:1]:
            browser.execute_script("arguments[0].click()", element)
    browser.find_element(By.NAME, "text").send_keys(f"اتصل مواطن {timezone.now().timestamp()}")
    press("#content form[method=post] button[type=submit]")(browser, base)


def content_scenes(world: World) -> Iterator[Scene]:
    """What an administrator edits."""
    RoutingRule.objects.get_or_create(position=2, name="inquiries", kind="inquiry", unit=world.licensing)
    yield Scene("desk of an administrator", then(sign_in_as(world.administrator), page("")))
    for path in [*STAFF_LISTS, *STAFF_FORMS]:
        yield Scene(path, page(path))
    yield Scene("a member of staff", page(f"staff/user/{world.officer.pk}/change/"))
    yield Scene("a form with errors", then(page("organisations/unit/add/"), press("input[name=_save]")))
    today = timezone.localdate()
    (special,) = set_special_hours(
        calendar=Calendar.objects.default(), name_ar="رمضان", name_en="Ramadan", first_day=today,
        last_day=today + timedelta(days=29), intervals=[(time(9), time(14))], by=world.administrator,
    )  # fmt: skip
    yield Scene("special hours to delete", page(f"working_days/specialhours/{special.pk}/delete/"))
    yield Scene("closure preview", then(page("working_days/closure/add/"), announce))


def announce(browser: Chrome, base: str) -> None:
    day = (timezone.localdate() + timedelta(days=20)).isoformat()
    for name, text in {"name_ar": "إجازة", "name_en": "Holiday", "first_day": day, "last_day": day}.items():
        field = browser.find_element(By.NAME, name)
        field.clear()
        field.send_keys(text)
    Select(browser.find_element(By.NAME, "calendar")).select_by_index(1)
    press("input[name=_save]")(browser, base)
