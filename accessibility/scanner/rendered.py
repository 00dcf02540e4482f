"""Which templates a page was made of. Needs Django's instrumented templates: a test environment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Rendered:
    """Names of templates: of everything since the start, and of the last page a browser was given."""

    def __init__(self) -> None:
        self.all: set[str] = set()
        self.last: list[str] = []
        self._request = threading.local()

    def note(self, sender: Any, template: Any, **_kwargs: Any) -> None:
        """A template is being rendered, in whatever thread."""
        if not template.name:
            return
        self.all.add(template.name)
        names: list[str] | None = getattr(self._request, "names", None)
        if names is None:
            return  # a letter written by the walk itself, not a page
        if not names:
            self.last = names
        if template.name not in names:
            names.append(template.name)

    def begin(self, sender: Any, **_kwargs: Any) -> None:
        """A request came to this thread. One for a file renders nothing and leaves the last page as it is."""
        self._request.names = []


@contextmanager
def rendered_templates() -> Iterator[Rendered]:
    """Notes what is rendered meanwhile, by the live server's threads too."""
    from django.core.signals import request_started
    from django.test.signals import template_rendered

    rendered = Rendered()
    template_rendered.connect(rendered.note)
    request_started.connect(rendered.begin)
    try:
        yield rendered
    finally:
        template_rendered.disconnect(rendered.note)
        request_started.disconnect(rendered.begin)
