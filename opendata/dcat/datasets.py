"""A dataset as DCAT-AP 3.0.1 has it, with its files, the version before, its publisher and whom to ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from opendata.catalogue.addresses import absolute, file_path, reverse_or_nothing
from opendata.catalogue.choices import FORMATS
from opendata.catalogue.models import Dataset, Version, VersionFile
from opendata.dcat import names, places, vocabularies, words
from opendata.dcat.rdf import LANGUAGES, Iri, Node, Text, Typed, day, iri, moment, text
from opendata.dcat.rows import Described
from opendata.inventory.showing import contact_of
from portal.bilingual import in_language
from portal.organisations.models import Organisation

ORIGINAL = {"en": "Original file", "ar": "الملف الأصلي"}
_AS_PUBLISHED = {"en": "Version {number} as {label}: {name}", "ar": "الإصدار {number} بصيغة {label}: {name}"}
_AS_SENT = {"en": "What the publisher sent for version {number}: {name}",
            "ar": "ما أرسلته الجهة الناشرة للإصدار {number}: {name}"}  # fmt: skip


def nodes_of(one: Described) -> Iterator[Node]:
    """Everything a document says because this dataset is in it, the dataset itself first."""
    yield _dataset(one)
    yield from filter(None, (_coverage(one.dataset), _methods(one.dataset)))
    yield from _pages(one.dataset)
    for file in one.files:
        yield from _file(one, file)
    if one.package:
        yield Node(_package(one), ("foaf:Document",))
    if one.previous:
        yield from _previous(one.dataset, one.previous)
    yield from _shared(one)


def _dataset(one: Described) -> Node:
    dataset, asset = one.dataset, one.dataset.asset
    found = Node(names.dataset(dataset.uuid), ("dcat:Dataset",)).say("dct:identifier", Text(str(dataset.uuid)))
    found.say_both("dct:title", words.of(dataset, "title"))
    found.say_both("dct:description", words.of(dataset, "description"))
    for code, found_words in words.keywords(dataset).items():
        found.say("dcat:keyword", *(text(word, code) for word in found_words))
    found.say("dcat:theme", *(word.iri for word in vocabularies.THEME_WORDS[asset.theme]))
    found.say("dct:type", vocabularies.HIGH_VALUE.iri if asset.is_high_value else None)
    found.say("dct:publisher", publisher_iri(asset.organisation))
    found.say("dcat:contactPoint", contact_iri(dataset))
    found.say("dct:issued", moment(one.first_published_at)).say("dct:modified", moment(dataset.modified_at))
    found.say("dct:accrualPeriodicity", vocabularies.FREQUENCY_WORDS[asset.frequency].iri)
    found.say("dct:language", *(word.iri for word in vocabularies.LANGUAGE_WORDS))
    found.say("dct:spatial", *places.names_of(dataset.governorates))
    found.say("dct:temporal", _name(_coverage(dataset))).say("dct:provenance", _name(_methods(dataset)))
    found.say("dct:accessRights", vocabularies.PUBLIC.iri)
    found.say("dcat:landingPage", *(page.iri for page in _pages(dataset)))
    found.say("dcat:version", Text(one.version.number))
    found.say_both("adms:versionNotes", words.of(one.version, "change_note"))
    found.say("dcat:previousVersion", _version_iri(dataset, one.previous) if one.previous else None)
    return found.say("dcat:distribution", *(_file_iri(dataset, file) for file in one.files))


def _name(node: Node | None) -> Iri | None:
    return node.iri if node else None


def _coverage(dataset: Dataset) -> Node | None:
    found = Node(names.part_of(dataset.uuid, "coverage"), ("dct:PeriodOfTime",))
    found.say("dcat:startDate", day(dataset.covers_from)).say("dcat:endDate", day(dataset.covers_until))
    return found if found.said else None


def _methods(dataset: Dataset) -> Node | None:
    found = Node(names.part_of(dataset.uuid, "methods"), ("dct:ProvenanceStatement",))
    found.say_both("rdfs:label", words.of(dataset, "methods"))
    return found if found.said else None


def _pages(dataset: Dataset) -> list[Node]:
    return [
        Node(iri(absolute(f"/{code}/data/{dataset.slug}/")), ("foaf:Document",)).say("dct:language", word.iri)
        for code, word in zip(LANGUAGES, vocabularies.LANGUAGE_WORDS, strict=True)
    ]


def _file_iri(dataset: Dataset, file: VersionFile) -> Iri:
    """The same in every version, so that a harvester changes its entry and does not make another one."""
    return names.part_of(dataset.uuid, "file", file.name)


def _file(one: Described, file: VersionFile) -> Iterator[Node]:
    """A file with its checksum, media type and format."""
    address = iri(absolute(file_path(one.dataset.slug, one.version.sequence, file.name)))
    media_type, format = vocabularies.media_type(file), vocabularies.file_type(file)
    checksum = Node(Iri(f"{_file_iri(one.dataset, file)}-sha256"), ("spdx:Checksum",))
    found = Node(_file_iri(one.dataset, file), ("dcat:Distribution",))
    _say_titles(found, one.version, file)
    found.say("dcat:accessURL", address).say("dcat:downloadURL", address).say("dcat:mediaType", media_type.iri)
    found.say("dct:format", format.iri if format else None)
    found.say("dcat:byteSize", Typed(str(file.size), "xsd:nonNegativeInteger")).say("spdx:checksum", checksum.iri)
    found.say("dct:license", vocabularies.licence(one.version.licence)[0].iri)
    found.say("dcatap:availability", vocabularies.STABLE.iri).say("dct:issued", moment(one.version.published_at))
    yield found.say("foaf:page", _package(one) if one.package else None)
    checksum.say("spdx:algorithm", vocabularies.SHA256.iri)
    yield checksum.say("spdx:checksumValue", Typed(file.sha256, "xsd:hexBinary"))
    yield from filter(None, (media_type, format))


def _say_titles(found: Node, version: Version, file: VersionFile) -> None:
    is_original = file.format == "original"
    labels = ORIGINAL if is_original else dict.fromkeys(LANGUAGES, FORMATS[file.format].label)
    known = {"number": version.number, "name": file.name}
    sentence = _AS_SENT if is_original else _AS_PUBLISHED
    said = {code: sentence[code].format(label=labels[code], **known) for code in LANGUAGES}
    found.say_both("dct:title", labels).say_both("dct:description", said)


def _package(one: Described) -> Iri:
    """The Data Package of its files: what each column means."""
    assert one.package is not None
    return iri(absolute(file_path(one.dataset.slug, one.version.sequence, one.package.name)))


def _version_iri(dataset: Dataset, version: Version) -> Iri:
    return names.part_of(dataset.uuid, "version", version.sequence)


def _previous(dataset: Dataset, version: Version) -> Iterator[Node]:
    """No dcat:Dataset: harvesters would take it for another dataset."""
    page = Node(iri(absolute(f"/en/data/{dataset.slug}/v/{version.sequence}/")), ("foaf:Document",))
    found = Node(_version_iri(dataset, version), ("dcat:Resource",)).say("dcat:version", Text(version.number))
    found.say_both("dct:title", words.of(dataset, "title")).say("dct:issued", moment(version.published_at))
    yield found.say_both("adms:versionNotes", words.of(version, "change_note")).say("dcat:landingPage", page.iri)
    yield page


def publisher_iri(organisation: Organisation) -> Iri:
    """A government body that publishes."""
    return names.part(f"publisher-{organisation.code}")


def contact_iri(dataset: Any) -> Iri:
    """Whom to ask: the dataset's own point of contact, or that of its agency, which its other datasets share."""
    asset = dataset.asset
    is_own = any(getattr(asset, name) for name in ("contact_role_en", "contact_email", "contact_phone"))
    return names.part_of(dataset.uuid, "contact") if is_own else names.part(f"contact-{asset.organisation.code}")


def _shared(one: Described) -> Iterator[Node]:
    """What datasets have in common: a document says it once."""
    asset = one.dataset.asset
    yield from _publisher(asset.organisation)
    yield _contact(one.dataset)
    yield from vocabularies.licence(one.version.licence)
    yield from places.nodes(one.dataset.governorates)
    used = [*vocabularies.THEME_WORDS[asset.theme], vocabularies.FREQUENCY_WORDS[asset.frequency],
            *vocabularies.LANGUAGE_WORDS, vocabularies.PUBLIC, vocabularies.STABLE]  # fmt: skip
    for word in [*used, vocabularies.HIGH_VALUE] if asset.is_high_value else used:
        yield word.node
    yield vocabularies.THEME_TAXONOMY
    yield vocabularies.SHA256


def _publisher(organisation: Any) -> Iterator[Node]:
    agency = getattr(organisation, "open_data", None)
    found = Node(publisher_iri(organisation), ("foaf:Agent",)).say_both("foaf:name", words.of(organisation, "name"))
    found.say("dct:type", vocabularies.NATIONAL_AUTHORITY.iri)
    if agency:
        page = Node(iri(absolute(f"/ar/data/agencies/{agency.slug}/")), ("foaf:Document",))
        found.say("foaf:homepage", page.iri)
        yield page
    yield found
    yield from vocabularies.AGENT_TYPES


def _contact(dataset: Any) -> Node:
    """The point of contact; without one the portal's form, from where it is passed on."""
    asset, body = dataset.asset, words.of(dataset.asset.organisation, "name")
    points = {code: contact_of(asset, f"contact_role_{code}") for code in LANGUAGES}
    comma = {"en": ", ", "ar": "، "}
    said = {code: comma[code].join(filter(None, (points[code].role, body[code]))) for code in LANGUAGES}
    found, point = contact(contact_iri(dataset), said), points["en"]
    found.say("vcard:hasEmail", iri(f"mailto:{point.email}") if point.email else None)
    return found.say("vcard:hasTelephone", iri(f"tel:{''.join(point.phone.split())}") if point.phone else None)


def contact(name: Iri, said: words.Words) -> Node:
    """Somebody who answers what is written in the portal's form."""
    with in_language(settings.LANGUAGE_CODE):
        page = reverse_or_nothing("feedback:contact")
    found = Node(name, ("vcard:Kind", "vcard:Organization")).say_both("vcard:fn", said)
    return found.say("vcard:hasURL", iri(absolute(page)) if page else None)
