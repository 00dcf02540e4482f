"""Addresses for programs. They have no language prefix."""

from __future__ import annotations

from django.urls import path

from opendata.catalogue.views import files, log

app_name = "files"
urlpatterns = [
    path("files/<slug:slug>/latest/<str:name>", files.latest, name="latest"),
    path("files/<slug:slug>/<int:sequence>/manifest.json", files.manifest, name="manifest"),
    path("files/<slug:slug>/<int:sequence>/manifest.jws", files.signature, name="signature"),
    path("files/<slug:slug>/<int:sequence>/difference.csv", files.difference, name="difference"),
    path("files/<slug:slug>/<int:sequence>/<str:name>", files.file, name="file"),
    path("log.json", log.entries, name="log"),
    path("log/heads.json", log.heads, name="heads"),
    path(".well-known/jwks.json", log.keys, name="jwks"),
]
