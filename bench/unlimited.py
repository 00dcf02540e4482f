"""The portal as it is served, but for the rate limit of its read API, which a benchmark would run into."""

from django.conf import settings

from portal.wsgi import application

settings.THROTTLES["api"] = (1_000_000_000, 60)

__all__ = ["application"]
