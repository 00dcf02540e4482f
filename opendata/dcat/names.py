"""The lasting names (IRIs) of what the catalogue speaks of. None is ever given to something else.

A part of the catalogue or of a dataset is named by its address and a word after `#`, so that every name can be opened.
"""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from opendata.catalogue.addresses import absolute
from opendata.catalogue.structured import CATALOGUE, dataset_path
from opendata.dcat.rdf import Iri


def catalogue() -> Iri:
    """The catalogue as a whole."""
    return Iri(absolute(CATALOGUE))


def part(word: str) -> Iri:
    """Something of the catalogue: its publisher, a publisher of datasets, a place, the API."""
    return Iri(f"{catalogue()}#{quote(word)}")


def dataset(uuid: UUID) -> Iri:
    """A dataset, whatever its versions and its address."""
    return Iri(absolute(dataset_path(uuid)))


def part_of(uuid: UUID, *words: object) -> Iri:
    """Something of a dataset: a file, a version."""
    return Iri(f"{dataset(uuid)}#{'-'.join(quote(str(word)) for word in words)}")
