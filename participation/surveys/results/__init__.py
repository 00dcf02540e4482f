"""Results: totals made fit to publish, kept as they were published, and read back for pages and downloads."""

from participation.surveys.results.publishing import publish

__all__ = ["publish"]
