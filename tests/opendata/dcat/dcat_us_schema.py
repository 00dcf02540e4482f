"""What DCAT-US 1.1 asks of a data.json (https://resources.data.gov/resources/dcat-us/), as a JSON Schema of our own.

Codes of United States federal agencies are among what is required, because the standard's own schema requires them.
"""

from __future__ import annotations

WORDS = {"type": "string", "minLength": 1, "pattern": r"\S"}
ADDRESS = {"type": "string", "format": "uri", "pattern": "^https?://"}
MEDIA_TYPE = {"type": "string", "pattern": r"^[a-z]+/[a-z0-9.+-]+$"}
MOMENT = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?"

CONTACT = {
    "type": "object",
    "required": ["@type", "fn", "hasEmail"],
    "properties": {
        "@type": {"const": "vcard:Contact"},
        "fn": WORDS,
        "hasEmail": {"type": "string", "pattern": r"^mailto:[\w!$&'()*+,;=:.~%-]+@[\w.-]+\.[\w.-]+$"},
    },
}
PUBLISHER = {
    "type": "object",
    "required": ["name"],
    "properties": {"@type": {"const": "org:Organization"}, "name": WORDS},
}
DISTRIBUTION = {
    "type": "object",
    "properties": {
        "@type": {"const": "dcat:Distribution"},
        "title": WORDS,
        "format": WORDS,
        "mediaType": MEDIA_TYPE,
        "downloadURL": ADDRESS,
        "accessURL": ADDRESS,
    },
    "dependentRequired": {"downloadURL": ["mediaType"]},
    "anyOf": [{"required": ["downloadURL"]}, {"required": ["accessURL"]}],
}
DATASET = {
    "type": "object",
    "required": [
        "@type", "title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier",
        "accessLevel", "bureauCode", "programCode",
    ],
    "properties": {
        "@type": {"const": "dcat:Dataset"},
        "bureauCode": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^[0-9]{3}:[0-9]{2}$"}},
        "programCode": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^[0-9]{3}:[0-9]{3}$"}},
        "title": WORDS,
        "description": WORDS,
        "keyword": {"type": "array", "minItems": 1, "items": WORDS},
        "modified": {"type": "string", "pattern": f"^({MOMENT}|R/P.+)$"},
        "issued": {"type": "string", "pattern": f"^{MOMENT}$"},
        "publisher": PUBLISHER,
        "contactPoint": CONTACT,
        "identifier": ADDRESS,
        "accessLevel": {"enum": ["public", "restricted public", "non-public"]},
        "rights": {"type": "string", "minLength": 1, "maxLength": 255},
        "license": ADDRESS,
        "spatial": WORDS,
        "temporal": {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?/\d{4}(-\d{2}(-\d{2})?)?$"},
        "theme": {"type": "array", "minItems": 1, "uniqueItems": True, "items": WORDS},
        "language": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]{2}(-[A-Z]{2})?$"}},
        "landingPage": ADDRESS,
        "describedBy": ADDRESS,
        "describedByType": MEDIA_TYPE,
        "accrualPeriodicity": {
            "type": "string", "pattern": r"^(irregular|R/P(?:\d+(?:\.\d+)?[Y|M|W|D]){1,2}|R/PT\d+[HMS])$",
        },
        "distribution": {"type": "array", "minItems": 1, "items": DISTRIBUTION},
    },
    # What is not open says why.
    "if": {"properties": {"accessLevel": {"const": "public"}}},
    "else": {"required": ["rights"], "not": {"required": ["distribution"]}},
}  # fmt: skip
CATALOGUE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["conformsTo", "dataset"],
    "properties": {
        "@context": {"const": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld"},
        "@id": ADDRESS,
        "@type": {"const": "dcat:Catalog"},
        "conformsTo": {"const": "https://project-open-data.cio.gov/v1.1/schema"},
        "describedBy": {"const": "https://project-open-data.cio.gov/v1.1/schema/catalog.json"},
        "dataset": {"type": "array", "items": DATASET},
    },
}
