"""What letters need beyond Django's own tags."""

from django import template

from portal.digits import isolate

register = template.Library()


@register.filter
def isolated(value: object) -> str:
    """A reference as it must stand in a letter; see `isolate`."""
    return isolate(str(value))
