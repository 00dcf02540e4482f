"""A service as it is read: on its public page, as plain text, and in the preview of the staff site."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from policies.services.choices import Channel, LifeEvent, Persona
from policies.services.models import Service
from policies.services.words import chosen, fee_in_words, time_in_words

PAGE = "policies/services/service.html"
PLAIN = "policies/services/service.txt"


def page_context(service: Service) -> dict[str, Any]:
    """What the page shows, in the active language."""
    return {
        "service": service,
        "personas": chosen(Persona, service.personas),
        "life_events": [(value, label) for value, label in LifeEvent.choices if value in service.life_events],
        "channels": chosen(Channel, service.channels),
        "prerequisites": service.lines("prerequisites"),
        "documents": service.lines("documents"),
        "held_documents": service.lines("held_documents"),
        "steps": service.lines("steps"),
        "time": time_in_words(service),
        "fee": fee_in_words(service),
        "host": urlsplit(service.url).hostname or "",
        "last_updated": service.reviewed_on,
    }
