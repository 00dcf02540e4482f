"""Public pages: contact (writing to us), tracking (what became of it) and performance (how promises are kept)."""

from participation.feedback.views.contact import contact, sent
from participation.feedback.views.performance import performance, performance_file, performance_unit
from participation.feedback.views.tracking import case, due, file, track

__all__ = [
    "case",
    "contact",
    "due",
    "file",
    "performance",
    "performance_file",
    "performance_unit",
    "sent",
    "track",
]
