"""Our licences under the identifiers CKAN and udata know them by."""

from __future__ import annotations

from typing import Any

from opendata.catalogue.choices import LICENCE_URLS, Licence
from opendata.ckan.texts import label

IDS = {
    Licence.CC_BY: "cc-by",
    Licence.CC0: "cc-zero",
    Licence.ODC_BY: "odc-by",
    Licence.ODBL: "odc-odbl",
    Licence.PDDL: "odc-pddl",
}


def licence_id(code: str) -> str:
    """CKAN's identifier of a licence."""
    return IDS[Licence(code)]


def licence_dict(code: str) -> dict[str, Any]:
    """A licence as `license_list` shows it."""
    licence = Licence(code)
    is_creative = licence in (Licence.CC_BY, Licence.CC0)
    return {
        "id": IDS[licence],
        "title": label(licence, "en"),
        "url": LICENCE_URLS[licence],
        "status": "active",
        "maintainer": "",
        "family": "",
        "domain_content": is_creative,
        "domain_data": True,
        "domain_software": False,
        "is_generic": False,
        "od_conformance": "approved",
        "osd_conformance": "not reviewed",
        "is_okd_compliant": True,
        "is_osi_compliant": False,
        "spdx": licence.value,
        "title_ar": label(licence, "ar"),
    }
