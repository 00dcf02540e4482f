"""Public addresses; the path is the same in both languages. Addresses for programs are in machine_urls.py."""

from __future__ import annotations

from django.urls import path

from opendata.catalogue.views import pages, reuses

app_name = "catalogue"
urlpatterns = [
    path("data/", pages.catalogue, name="list"),
    path("data/verify/", pages.verification, name="verify"),
    path("data/<slug:slug>/", pages.dataset, name="dataset"),
    path("data/<slug:slug>/reuse/", reuses.reuse, name="reuse"),
    path("data/<slug:slug>/reuse/sent/", reuses.reuse_sent, name="reuse_sent"),
    path("data/<slug:slug>/v/<int:sequence>/", pages.version, name="version"),
    path("data/<slug:slug>/v/<int:sequence>/changes/", pages.changes, name="changes"),
]
