"""Why a file's content is refused."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refused(Exception):
    """The content is not acceptable; the message has the places %(name)s and %(extension)s."""

    def __init__(self, code: str, message: "str | _StrPromise") -> None:
        super().__init__(code)
        self.code = code
        self.message = message


def not_what_it_says() -> Refused:
    """The content is not what the name promises."""
    return Refused(
        "content",
        _("“%(name)s” cannot be read as a %(extension)s file. Save it again in that format, or send another."),
    )
