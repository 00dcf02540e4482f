"""Whatever is said, all three forms say it alike: read back by rdflib."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from opendata.dcat.rdf import Iri, Node, Typed, iri, text
from opendata.dcat.words import keyword
from opendata.dcat.writing import WRITERS
from tests.opendata.dcat.harvesters import parsed

DCT = Namespace("http://purl.org/dc/terms/")
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
AWKWARD = st.text("\"'\\<>&;{}[]|^`%#@ \t\r\n\u0085\u2028\u202e\ufeff\ud800\x00\x0b\x7fâ€م", max_size=30)


def read(nodes: list[Node], kind: str) -> Graph:
    write, media_type = WRITERS[kind]
    return parsed(write(nodes), media_type)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.tuples(ANYTHING | AWKWARD, st.sampled_from(["", "ar", "en"])), max_size=4), ANYTHING | AWKWARD)
def test_any_words_and_addresses_come_back_the_same(said, address):
    name = iri(f"https://data.example/{address}")
    node = Node(name, ("dcat:Dataset", "dcat:Resource")).say("dct:title", *(text(*one) for one in said))
    node.say("dct:relation", iri(f"mailto:{address}")).say("dct:issued", Typed("2026-01-31", "xsd:date"))
    found = [read([node], kind) for kind in ("ttl", "rdf", "jsonld")]
    assert isomorphic(found[0], found[1])
    assert isomorphic(found[0], found[2])
    assert set(found[0].subjects(RDF.type, None)) == {URIRef(name)}
    written = {Literal(text(words).value, language or None) for words, language in said}
    assert set(found[0].objects(None, DCT.title)) == written


def test_what_xml_forbids_is_replaced_and_the_rest_kept():
    said = text("a\x00b\x0bc\ud800d\ufffee\tf\r\ng\x7fh\u202ei😀")
    assert said.value == "a\ufffdb\ufffdc\ufffdd\ufffde\tf\r\ng\x7fh\u202ei😀"
    found = read([Node(Iri("urn:x"), ("dcat:Dataset",)).say("dct:title", said)], "rdf")
    assert str(found.value(URIRef("urn:x"), DCT.title)) == said.value


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("محمّد", "محمد"), ("تُعليم", "تعليم"), ("النقل، المواصلات", "النقل المواصلات"), ("صحة (عامة)", "صحة عامة"),
        ("نقل/مواصلات", "نقل مواصلات"), ("COVID-19", "COVID-19"), ("v1.0", "v1.0"), ("  a   b ", "a b"), ("🚀", ""),
        ("é", "é"),
    ],
)  # fmt: skip
def test_keywords_are_ones_that_ckan_takes(written, taken):
    assert keyword(written) == taken
    assert keyword(f"{taken}{'x' * 200}") == f"{taken}{'x' * 200}"[:100]
