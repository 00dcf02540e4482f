"""Datasets, what is being prepared for them, their immutable versions, and the public log."""

from opendata.catalogue.models.around import Download, Reuse
from opendata.catalogue.models.datasets import Dataset
from opendata.catalogue.models.log import DailyHead, LogEntry
from opendata.catalogue.models.releases import Release
from opendata.catalogue.models.versions import Change, Erasure, Version, VersionFile

__all__ = [
    "Change", "DailyHead", "Dataset", "Download", "Erasure", "LogEntry", "Release", "Reuse", "Version", "VersionFile",
]  # fmt: skip
