"""Harvesters as they are run elsewhere, in their manner of walking through a catalogue and keeping what they find."""

from __future__ import annotations

import hashlib
import json
import warnings
from typing import Any

from django.conf import settings
from django.test import Client
from rdflib import DCAT, DCTERMS, RDF, Graph, Namespace, URIRef

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
PARSERS = {
    "text/turtle": "turtle", "text/n3": "n3", "application/rdf+xml": "xml", "application/ld+json": "json-ld",
}  # fmt: skip


def get(client: Client, address: str, status: int = 200) -> Any:
    """An answer, to be asked for by an address in full or by its path; it sets no cookie."""
    response = client.get(address.removeprefix(settings.SITE_URL))
    assert response.status_code == status, (address, response.status_code, response.content[:500])
    assert not response.cookies
    return response


def graph(client: Client, address: str) -> Graph:
    """The document at an address, read by what its Content-Type says it is."""
    response = get(client, address)
    return parsed(response.content, response["Content-Type"])


def parsed(content: bytes, media_type: str) -> Graph:
    """What a document says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's reader of JSON-LD uses what rdflib deprecates
        return Graph().parse(data=content, format=PARSERS[media_type.partition(";")[0]])


def next_page(found: Graph) -> str | None:
    """Where the next page is, as ckanext-dcat and udata look for it."""
    view = found.value(predicate=RDF.type, object=HYDRA.PartialCollectionView)
    link = found.value(view, HYDRA.next)
    assert link is None or isinstance(link, URIRef)
    return str(link) if link else None


def pages(client: Client, address: str, between: Any = None) -> list[Graph]:
    """Every page from an address on; `between` is called after each that is not the last."""
    found = []
    following: str | None = address
    while following:
        found.append(graph(client, following))
        following = next_page(found[-1])
        if following and between:
            between(len(found))
    return found


class RdfHarvester:
    """ckanext-dcat and udata: HEAD first, then page by page. What is not found any more is deleted."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.kept: dict[str, dict[str, Any]] = {}
        """Name of a dataset -> what is kept of it."""

    def run(self, client: Client, between: Any = None) -> tuple[int, int, int]:
        """How many datasets were added, changed and deleted."""
        asked = client.head(self.address)
        assert asked.status_code == 200
        assert asked["Content-Type"].partition(";")[0] in PARSERS
        found = {}
        for page in pages(client, self.address, between):
            for name in page.subjects(RDF.type, DCAT.Dataset):
                assert page.value(name, DCTERMS.identifier), "udata passes over what has no identifier"
                assert page.value(name, DCTERMS.title)
                found[str(name)] = self._read(page, name)
        before, self.kept = self.kept, found
        both = before.keys() & found.keys()
        changed = [name for name in both if before[name]["modified"] != found[name]["modified"]]
        return len(found.keys() - before.keys()), len(changed), len(before.keys() - found.keys())

    def _read(self, page: Graph, name: Any) -> dict[str, Any]:
        spdx = Namespace("http://spdx.org/rdf/terms#")
        files = list(page.objects(name, DCAT.distribution))
        sums = {str(page.value(page.value(file, spdx.checksum), spdx.checksumValue)).lower() for file in files}
        return {
            "identifier": str(page.value(name, DCTERMS.identifier)),
            "title": {str(title) for title in page.objects(name, DCTERMS.title)},
            "modified": str(page.value(name, DCTERMS.modified)),
            "sha256": sums,
        }


class JsonHarvester:
    """data.gov: known by the identifier, changed when the record is another, deleted when it is gone."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def run(self, client: Client) -> tuple[int, int, int]:
        """How many records were added, changed and deleted."""
        records = data_json(client)["dataset"]
        names = [record["identifier"] for record in records]
        assert len(names) == len(set(names)), "records with the same identifier are dropped"
        found = {record["identifier"]: hashlib.sha256(json.dumps(record).encode()).hexdigest() for record in records}
        before, self.kept = self.kept, found
        changed = [name for name in before.keys() & found.keys() if before[name] != found[name]]
        return len(found.keys() - before.keys()), len(changed), len(before.keys() - found.keys())


def data_json(client: Client) -> dict[str, Any]:
    """The inventory."""
    response = client.get("/data.json")
    assert response.status_code == 200
    assert not response.cookies
    assert response["Content-Type"] == "application/json"
    return dict(json.loads(b"".join(response.streaming_content)))
