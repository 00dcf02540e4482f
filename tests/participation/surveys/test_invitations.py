"""People are invited once and told once; links by mail are written at most once an hour."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.utils import timezone

from participation.surveys.actions.lifecycle import BadAddresses, invite, send_invitations
from participation.surveys.kinds import Access, Source
from participation.surveys.letters import mail_link
from participation.surveys.models import Invitation, Questionnaire
from participation.surveys.voters import read_grant
from portal.audit.models import AuditEvent
from portal.mail.models import OutgoingMail
from tests.at_once import at_once
from tests.people import World, build_world
from tests.questionnaires import cast, make_poll, make_satisfaction, opened, over, upcoming

PEOPLE = [
    "maryam@citizen.example",
    " MARYAM@citizen.example",
    "salim@citizen.example",
    "",
    "\u200fnoor@citizen.example",
]


def invited_poll(world: World) -> Questionnaire:
    return make_poll(world, access=Access.INVITED)


def test_each_address_is_invited_once_however_it_is_spelt(world: World) -> None:
    poll = opened(invited_poll(world))
    assert invite(questionnaire=poll, addresses=PEOPLE, by=world.lead, language="en") == 3
    assert invite(questionnaire=poll, addresses=["salim@citizen.example", "fatma@citizen.example"], by=world.lead) == 1
    emails = {row.email for row in Invitation.objects.all()}
    assert emails == {f"{name}@citizen.example" for name in ("maryam", "salim", "noor", "fatma")}
    events = AuditEvent.objects.about(poll).filter(verb="questionnaire.invited")
    assert [event.data for event in events] == [{"count": 3}, {"count": 1}]


def test_the_database_cannot_read_the_addresses(world: World) -> None:
    invite(questionnaire=invited_poll(world), addresses=PEOPLE, by=world.lead)
    with connection.cursor() as cursor:
        cursor.execute("SELECT email, email_index FROM surveys_invitation")
        assert "maryam" not in str(cursor.fetchall())


def test_one_bad_address_stops_the_list_and_is_named(world: World) -> None:
    with pytest.raises(BadAddresses) as caught:
        invite(questionnaire=invited_poll(world), addresses=[*PEOPLE, "nobody", "a@b"], by=world.lead)
    assert caught.value.addresses == ["a@b", "nobody"]
    assert not Invitation.objects.exists()


def test_invitations_are_written_when_it_opens(world: World) -> None:
    poll = upcoming(invited_poll(world))
    invite(questionnaire=poll, addresses=PEOPLE, by=world.lead, language="en")
    assert send_invitations() == 0
    opened(poll)
    assert send_invitations() == 3
    assert send_invitations() == 0
    letter = OutgoingMail.objects.filter(template="surveys/invitation").first()
    assert letter is not None
    assert letter.language == "en"
    assert poll.title_en in letter.subject
    assert "Ministry" in letter.text
    assert not Invitation.objects.filter(sent_at=None).exists()


def test_nobody_is_invited_to_what_is_over(world: World) -> None:
    poll = over(invited_poll(world))
    invite(questionnaire=poll, addresses=PEOPLE, by=world.lead)
    assert send_invitations() == 0


def test_the_link_of_an_invitation_opens_one_vote(world: World) -> None:
    poll = opened(invited_poll(world))
    invite(questionnaire=poll, addresses=["maryam@citizen.example"], by=world.lead)
    send_invitations()

    text = OutgoingMail.objects.get(template="surveys/invitation").text
    found = re.search(rf"http://testserver/ar/polls/{poll.slug}/\?grant=(\S+)", text)
    assert found is not None
    grant = read_grant(found[1], poll)
    assert grant is not None
    cast(poll, "Morning", voter=grant.identity, source=grant.source, invitation=grant.invitation)
    assert Invitation.objects.get().used_on == timezone.localdate()


def test_several_workers_write_each_invitation_once(transactional_db: None) -> None:
    world = build_world()
    poll = opened(invited_poll(world))
    invite(questionnaire=poll, addresses=[f"citizen{number}@citizen.example" for number in range(60)], by=world.lead)
    assert sum(at_once(4, lambda _number: send_invitations())) == 60
    assert OutgoingMail.objects.filter(template="surveys/invitation").count() == 60


def test_a_link_by_mail_is_written_once_an_hour(world: World) -> None:
    poll = opened(make_poll(world))
    letter = mail_link(questionnaire=poll, email="maryam@citizen.example", language="en")
    assert letter is not None
    assert mail_link(questionnaire=poll, email="Maryam@citizen.example", language="en") is None
    assert mail_link(questionnaire=poll, email="salim@citizen.example", language="ar") is not None
    found = re.search(r"/en/polls/\S+/\?grant=(\S+)", letter.text)
    assert found is not None
    grant = read_grant(found[1], poll)
    assert grant is not None
    assert (grant.source, grant.invitation) == (Source.MAIL, None)
    assert "seven days" in letter.text


def test_the_link_to_the_satisfaction_survey_leads_to_its_page(world: World) -> None:
    letter = mail_link(questionnaire=make_satisfaction(world), email="maryam@citizen.example", language="ar")
    assert letter is not None
    assert "/ar/satisfaction/?grant=" in letter.text
    assert letter.html.count("/ar/satisfaction/?grant=") == 1
