"""Words of other people's vocabularies that harvesters know, and which of them ours are.

Each is described where it is used - class, scheme, name -, because not every reader has the vocabularies at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from opendata.catalogue.choices import LICENCE_URLS, Licence
from opendata.catalogue.models import VersionFile
from opendata.dcat.rdf import Iri, Node, Text
from opendata.inventory.choices import Frequency, Theme

AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
THEMES = Iri(f"{AUTHORITY}data-theme")


@dataclass(frozen=True)
class Word:
    """A word of an authority: its code in a table, its class, its names."""

    table: str
    code: str
    type: str
    en: str
    ar: str

    @property
    def iri(self) -> Iri:
        return Iri(f"{AUTHORITY}{self.table}/{self.code}")

    @property
    def node(self) -> Node:
        found = Node(self.iri, (self.type,)).say("skos:inScheme", Iri(f"{AUTHORITY}{self.table}"))
        return found.say_both("skos:prefLabel", {"en": self.en, "ar": self.ar})


def _theme(code: str, en: str, ar: str) -> Word:
    return Word("data-theme", code, "skos:Concept", en, ar)


_SOCIETY = _theme("SOCI", "Population and society", "السكان والمجتمع")
_ECONOMY = _theme("ECON", "Economy and finance", "الاقتصاد والمالية")
_GOVERNMENT = _theme("GOVE", "Government and public sector", "الحكومة والقطاع العام")
_CULTURE = _theme("EDUC", "Education, culture and sport", "التعليم والثقافة والرياضة")
_FARMING = _theme("AGRI", "Agriculture, fisheries, forestry and food", "الزراعة والأسماك والغابات والغذاء")
_REGIONS = _theme("REGI", "Regions and cities", "المناطق والمدن")
THEME_WORDS: dict[str, tuple[Word, ...]] = {
    Theme.POPULATION: (_SOCIETY,),
    Theme.ECONOMY: (_ECONOMY,),
    Theme.BUDGET: (_ECONOMY, _GOVERNMENT),
    Theme.EDUCATION: (_CULTURE,),
    Theme.HEALTH: (_theme("HEAL", "Health", "الصحة"),),
    Theme.TRANSPORT: (_theme("TRAN", "Transport", "النقل"),),
    Theme.ENVIRONMENT: (_theme("ENVI", "Environment", "البيئة"),),
    Theme.GEOGRAPHY: (_REGIONS,),
    Theme.LAW: (_theme("JUST", "Justice, legal system and public safety", "العدل والنظام القانوني والسلامة العامة"),),
    Theme.MUNICIPAL: (_REGIONS, _GOVERNMENT),
    Theme.AGRICULTURE: (_FARMING,),
    Theme.ENERGY: (_theme("ENER", "Energy", "الطاقة"),),
    Theme.TOURISM: (_CULTURE, _ECONOMY),
    Theme.LABOUR: (_SOCIETY, _ECONOMY),
    Theme.PARTICIPATION: (_GOVERNMENT,),
}  # fmt: skip


def _frequency(code: str, en: str, ar: str) -> Word:
    return Word("frequency", code, "dct:Frequency", en, ar)


FREQUENCY_WORDS: dict[str, Word] = {
    Frequency.CONTINUOUS: _frequency("CONT", "continuous", "مستمر"),
    Frequency.DAILY: _frequency("DAILY", "daily", "يومي"),
    Frequency.WEEKLY: _frequency("WEEKLY", "weekly", "أسبوعي"),
    Frequency.MONTHLY: _frequency("MONTHLY", "monthly", "شهري"),
    Frequency.QUARTERLY: _frequency("QUARTERLY", "quarterly", "ربع سنوي"),
    Frequency.YEARLY: _frequency("ANNUAL", "annual", "سنوي"),
    Frequency.IRREGULAR: _frequency("IRREG", "irregular", "غير منتظم"),
    Frequency.NEVER: _frequency("NEVER", "never", "لا يحدَّث"),
}
LANGUAGE_WORDS = (
    Word("language", "ENG", "dct:LinguisticSystem", "English", "الإنجليزية"),
    Word("language", "ARA", "dct:LinguisticSystem", "Arabic", "العربية"),
)
PUBLIC = Word("access-right", "PUBLIC", "dct:RightsStatement", "public", "متاح للعموم")
STABLE = Word("planned-availability", "STABLE", "skos:Concept", "stable", "مستقر")
HIGH_VALUE = Word("dataset-type", "HVD", "skos:Concept", "High-value dataset", "مجموعة بيانات عالية القيمة")
OMAN = Word("country", "OMN", "dct:Location", "Oman", "عُمان")

_FILE_TYPES = {"csv", "geojson", "json", "ods", "parquet", "tsv", "txt", "xls", "xlsx", "xml", "zip"}


def file_type(file: VersionFile) -> Node | None:
    """The format of a file by its ending; None for one the authority may not have."""
    ending = PurePosixPath(file.name).suffix.removeprefix(".").lower()
    if ending not in _FILE_TYPES:
        return None
    word = Word("file-type", ending.upper(), "dct:MediaTypeOrExtent", ending.upper(), ending.upper())
    return word.node.say_both("rdfs:label", {"en": word.en, "ar": word.ar})


def media_type(file: VersionFile) -> Node:
    """The media type of a file as IANA registers it."""
    return Node(Iri(MEDIA_TYPES + file.media_type.partition(";")[0]), ("dct:MediaType",))


SHA256 = Node(Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"), ("spdx:ChecksumAlgorithm",))
_LICENCE_TYPES = "http://purl.org/adms/licencetype/"
_LICENCES = {
    Licence.CC_BY: ("CC_BY_4_0", "Attribution"),
    Licence.CC0: ("CC0", "PublicDomain"),
    Licence.ODC_BY: ("ODC_BY", "Attribution"),
    Licence.ODBL: ("ODC_BL", "ViralEffect-ShareAlike"),
    Licence.PDDL: ("ODC_PDDL", "PublicDomain"),
}
_LICENCE_TYPE_NAMES = {
    "Attribution": {"en": "Attribution", "ar": "نسب المصنَّف"},
    "PublicDomain": {"en": "Public domain", "ar": "ملكية عامة"},
    "ViralEffect-ShareAlike": {"en": "Viral effect (share-alike)", "ar": "الترخيص بالمثل"},
}


def licence(code: str) -> tuple[Node, Node]:
    """A licence by its own address, with its code, the same in the EU's table, and its kind; and that kind."""
    same, kind = _LICENCES[Licence(code)]
    of_type = Node(Iri(_LICENCE_TYPES + kind), ("skos:Concept",)).say("skos:inScheme", Iri(f"{_LICENCE_TYPES}1.0"))
    found = Node(Iri(LICENCE_URLS[Licence(code)]), ("dct:LicenseDocument",))
    found.say("dct:identifier", Text(code)).say("dct:type", of_type.iri)
    found.say("skos:exactMatch", Iri(f"{AUTHORITY}licence/{same}"))
    return found, of_type.say_both("skos:prefLabel", _LICENCE_TYPE_NAMES[kind])


_PUBLISHER_TYPES = Iri("http://purl.org/adms/publishertype/1.0")
NATIONAL_AUTHORITY = (
    Node(Iri("http://purl.org/adms/publishertype/NationalAuthority"), ("skos:Concept",))
    .say("skos:inScheme", _PUBLISHER_TYPES)
    .say_both("skos:prefLabel", {"en": "National authority", "ar": "سلطة وطنية"})
)
AGENT_TYPES = (
    NATIONAL_AUTHORITY,
    Node(_PUBLISHER_TYPES, ("skos:ConceptScheme",)).say_both(
        "dct:title", {"en": "Publisher type", "ar": "أنواع الناشرين"}
    ),
)
"""What publishers are, and the scheme that word is from."""
THEME_TAXONOMY = Node(THEMES, ("skos:ConceptScheme",)).say_both(
    "dct:title", {"en": "Data theme", "ar": "موضوعات البيانات"}
)
