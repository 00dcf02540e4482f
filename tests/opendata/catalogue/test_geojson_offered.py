"""GeoJSON is offered as programs expect it, whatever it was uploaded in."""

from __future__ import annotations

import json

import pytest

from opendata.catalogue.storage import store
from tests.opendata import making


@pytest.mark.django_db
def test_geojson_of_an_old_encoding_is_published_as_utf8():
    names = ["ولاية مطرح", "ولاية بوشر", "ولاية السيب", "ولاية قريات"]
    point = {"type": "Point", "coordinates": [58, 23]}
    places = [{"type": "Feature", "properties": {"id": n, "name": name}, "geometry": point}
              for n, name in enumerate(names)]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": places}, ensure_ascii=False)
    version = making.published(data=text.encode("cp1256"), name="places.geojson", choices={"encoding": "windows-1256"})
    offered = {file.format: store().path(file.sha256).read_bytes() for file in version.files.all()}
    assert offered["geojson"] == text.encode()
    assert offered["original"] == text.encode("cp1256")
