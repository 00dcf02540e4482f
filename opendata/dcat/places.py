"""Places: Oman by the EU's authority, which harvesters know; its governorates by names of our own with ISO's codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from opendata.dcat import names, vocabularies, words
from opendata.dcat.rdf import Iri, Node, Text, Typed
from portal.organisations.models import Governorate

ISO_3166_2 = {
    Governorate.MUSCAT: "OM-MA",
    Governorate.DHOFAR: "OM-ZU",
    Governorate.MUSANDAM: "OM-MU",
    Governorate.AL_BURAIMI: "OM-BU",
    Governorate.AD_DAKHILIYAH: "OM-DA",
    Governorate.AL_BATINAH_NORTH: "OM-BS",
    Governorate.AL_BATINAH_SOUTH: "OM-BJ",
    Governorate.ASH_SHARQIYAH_NORTH: "OM-SS",
    Governorate.ASH_SHARQIYAH_SOUTH: "OM-SJ",
    Governorate.ADH_DHAHIRAH: "OM-ZA",
    Governorate.AL_WUSTA: "OM-WU",
}
_EXTENT = Typed("POLYGON((51.9 16.6,59.9 16.6,59.9 26.6,51.9 26.6,51.9 16.6))", "gsp:wktLiteral")
_MIDDLE = Typed("POINT(56.1 20.6)", "gsp:wktLiteral")
"""Of Oman, in degrees east and north, the box rounded outwards."""


def names_of(governorates: Iterable[str]) -> list[Iri]:
    """The names of these governorates; without any, the country's."""
    return [names.part(f"place-{code}") for code in governorates] or [vocabularies.OMAN.iri]


def nodes(governorates: Iterable[str]) -> Iterator[Node]:
    """The governorates described, and the country they are part of."""
    for code in governorates:
        found = Node(names.part(f"place-{code}"), ("dct:Location",))
        found.say_both("skos:prefLabel", words.label(Governorate(code)))
        found.say("dct:identifier", Text(ISO_3166_2[Governorate(code)]))
        yield found.say("dct:isPartOf", vocabularies.OMAN.iri)
    yield vocabularies.OMAN.node.say("dcat:bbox", _EXTENT).say("dcat:centroid", _MIDDLE)
