"""Messages of long ago, with everything that hangs on one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from participation.feedback.actions.citizen import hear_citizen, rate_case
from participation.feedback.actions.routing import route_case
from participation.feedback.actions.work import add_note, ask_citizen, reply_to_case
from participation.feedback.models import Case, CaseAttachment
from portal.attachments.actions import accept_upload
from portal.attachments.models import Attachment
from portal.mail.models import MailState, OutgoingMail
from portal.retention.disposal import dispose_due
from tests.people import World, submitted

DAY = timedelta(days=1)
YEARS = timedelta(days=365)
NAME, EMAIL, PHONE, WORDS = "Zubaida Marker", "zubaida.marker@citizen.example", "+96891234567", "quincunx"
TRACES = (NAME, "Zubaida", EMAIL, PHONE, WORDS)


def a_file(name: str = f"{WORDS}.txt") -> Attachment:
    return accept_upload(SimpleUploadedFile(name, f"{WORDS} in a file".encode(), content_type="text/plain"))


def answered(world: World, **changes: Any) -> Case:
    """A message with sender, thread, files, a note, letters and a rating, answered just now."""
    values = {"name": NAME, "email": EMAIL, "phone": PHONE, "text": f"My {WORDS} is late."}
    case = route_case(case=submitted(world, **{**values, **changes}).case, unit=world.licensing)
    CaseAttachment.objects.create(case=case, attachment=a_file())
    ask_citizen(case=case, text=f"Which {WORDS}?", by=world.officer)
    message = hear_citizen(case=case, text=f"The red {WORDS}.", form_token=f"heard-{case.pk}")
    CaseAttachment.objects.create(case=case, message=message, attachment=a_file())
    add_note(case=case, text=f"{NAME} called about the {WORDS}.", by=world.officer)
    case.refresh_from_db()
    reply_to_case(case=case, text=f"Your {WORDS} is ready.", by=world.officer)
    rate_case(case=case, score=4, comment=f"Thanks for the {WORDS}")
    sent_all()
    return case


def sent_all() -> None:
    """As if every letter had been sent."""
    OutgoingMail.objects.update(state=MailState.SENT, sent_at=timezone.now())


def disposed(**ahead: int) -> datetime:
    """Dispose of what is due in so many days; the moment it was done for."""
    now = timezone.now() + timedelta(**ahead)
    assert dispose_due(now)
    return now
