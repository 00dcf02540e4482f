"""The catalogue as DCAT-AP 3.0.1 has it: its publisher, its API, and the page of it a document is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings

from opendata.catalogue.addresses import absolute
from opendata.catalogue.choices import Licence
from opendata.dcat import names, places, vocabularies
from opendata.dcat.datasets import contact, nodes_of
from opendata.dcat.paging import Page
from opendata.dcat.rdf import Document, Iri, Node, Typed, iri, moment
from opendata.dcat.rows import Described, Extent
from opendata.inventory.choices import Theme

TITLE = {"en": "Open data of government bodies in Oman", "ar": "البيانات المفتوحة للجهات الحكومية في سلطنة عُمان"}
DESCRIPTION = {
    "en": "Data that government bodies in Oman publish for everybody to use for any purpose: each version signed, kept "
    "at its address for ever, and described in Arabic and English.",
    "ar": "بيانات تنشرها الجهات الحكومية في سلطنة عُمان ليستخدمها الجميع لأي غرض: كل إصدار منها موقّع، وباقٍ على عنوانه "
    "دائمًا، وموصوف بالعربية والإنجليزية.",
}
API_TITLE = {"en": "Programming interface of the open data", "ar": "واجهة برمجة التطبيقات للبيانات المفتوحة"}
API_DESCRIPTION = {
    "en": "Lists and searches the datasets and reads rows of each: filtered, sorted, grouped, as JSON or CSV. "
    "No key is needed.",
    "ar": "تسرد مجموعات البيانات وتبحث فيها وتقرأ صفوف كل منها مصفّاة ومرتبة ومجمّعة بصيغة JSON أو CSV، دون مفتاح.",
}
API_KEYWORDS = {"en": "open data", "ar": "البيانات المفتوحة"}
OPENAPI = Iri("https://spec.openapis.org/oas/v3.1.0")
LICENCE = Licence.CC_BY
"""Of the descriptions themselves."""
_API_THEMES = vocabularies.THEME_WORDS[Theme.PARTICIPATION]


def document(page: Page, found: Sequence[Described], extent: Extent) -> Document:
    """A page of the catalogue."""
    made = Document([_catalogue(found, extent), _page(page)])
    made.add(*_around(), _service(found))
    for one in found:
        made.add(*nodes_of(one))
    return made


def _catalogue(found: Sequence[Described], extent: Extent) -> Node:
    node = Node(names.catalogue(), ("dcat:Catalog",))
    node.say_both("dct:title", TITLE).say_both("dct:description", DESCRIPTION)
    node.say("dct:publisher", names.part("publisher")).say("foaf:homepage", _homepage())
    node.say("dct:language", *(word.iri for word in vocabularies.LANGUAGE_WORDS))
    node.say("dct:license", vocabularies.licence(LICENCE)[0].iri).say("dct:spatial", vocabularies.OMAN.iri)
    node.say("dct:issued", moment(extent.first_at)).say("dct:modified", moment(extent.changed_at))
    node.say("dcat:themeTaxonomy", vocabularies.THEMES).say("dcat:service", names.part("api"))
    return node.say("dcat:dataset", *(names.dataset(one.dataset.uuid) for one in found))


def _homepage() -> Iri:
    return iri(absolute("/ar/data/"))


def _api() -> Iri:
    return iri(absolute("/api/v1/"))


def _api_description() -> Iri:
    return iri(absolute("/api/v1/openapi.json"))


def _api_docs() -> Iri:
    return iri(absolute("/api/docs/"))


def _page(page: Page) -> Node:
    """Where in the catalogue this document stands, as harvesters read it."""
    node = Node(page.here, ("hydra:PartialCollectionView",))
    node.say("hydra:totalItems", Typed(str(page.total), "xsd:integer"))
    node.say("hydra:itemsPerPage", Typed(str(page.size), "xsd:integer"))
    node.say("hydra:first", page.first).say("hydra:previous", page.previous)
    return node.say("hydra:next", page.next).say("hydra:last", page.last)


def _around() -> Iterator[Node]:
    """What the catalogue itself refers to."""
    publisher = Node(names.part("publisher"), ("foaf:Agent",))
    publisher.say_both("foaf:name", settings.ENTITY_NAME)
    yield publisher.say("dct:type", vocabularies.NATIONAL_AUTHORITY.iri)
    yield from vocabularies.AGENT_TYPES
    yield contact(names.part("contact"), settings.ENTITY_NAME)
    yield from (Node(page, ("foaf:Document",)) for page in (_homepage(), _api_docs()))
    yield Node(OPENAPI, ("dct:Standard",))
    yield from (Node(address, ("rdfs:Resource",)) for address in (_api(), _api_description()))
    yield from (word.node for word in _API_THEMES)
    yield vocabularies.THEME_TAXONOMY
    yield from vocabularies.licence(LICENCE)
    yield from places.nodes([])
    yield from (word.node for word in vocabularies.LANGUAGE_WORDS)
    yield vocabularies.PUBLIC.node


def _service(found: Sequence[Described]) -> Node:
    node = Node(names.part("api"), ("dcat:DataService",))
    node.say_both("dct:title", API_TITLE).say_both("dct:description", API_DESCRIPTION)
    node.say("dcat:endpointURL", _api()).say("dcat:endpointDescription", _api_description())
    node.say("dct:conformsTo", OPENAPI).say("dcat:landingPage", _api_docs())
    node.say("dct:publisher", names.part("publisher")).say("dcat:contactPoint", names.part("contact"))
    node.say_both("dcat:keyword", API_KEYWORDS).say("dcat:theme", *(word.iri for word in _API_THEMES))
    node.say("dct:license", vocabularies.licence(LICENCE)[0].iri).say("dct:accessRights", vocabularies.PUBLIC.iri)
    return node.say("dcat:servesDataset", *(names.dataset(one.dataset.uuid) for one in found))
