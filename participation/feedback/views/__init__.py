"""Public pages: contact (writing to us) and tracking (what became of it)."""

from participation.feedback.views.contact import contact, sent
from participation.feedback.views.tracking import case, due, file, track

__all__ = ["case", "contact", "due", "file", "sent", "track"]
