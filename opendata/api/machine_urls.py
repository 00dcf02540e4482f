"""Addresses for programs. They have no language prefix."""

from __future__ import annotations

from django.urls import path, re_path

from opendata.api import doors, views
from opendata.api.docs import docs

app_name = "api"
urlpatterns = [
    path("api/v1/", views.index, name="index"),
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/v1/figures", views.figures, name="figures"),
    path("api/v1/datasets", views.datasets, name="datasets"),
    path("api/v1/datasets/<slug:slug>", views.dataset, name="dataset"),
    path("api/v1/datasets/<slug:slug>/columns", views.dictionary, name="columns"),
    path("api/v1/datasets/<slug:slug>/rows", views.rows, name="rows"),
    path("api/v1/datasets/<slug:slug>/versions", views.versions, name="versions"),
    path("api/v1/datasets/<slug:slug>/versions/<int:sequence>", views.version, name="version"),
    path("api/v1/datasets/<slug:slug>/versions/<int:sequence>/rows", views.version_rows, name="version_rows"),
    path("api/v1", views.index),
    re_path(r"^api/v1/[\s\S]*$", doors.nothing),  # `<path:...>` would leave out addresses with a line break
    path("api/docs/", docs, name="docs"),
    path("api/docs/ar/", docs, {"language": "ar"}, name="docs_ar"),
]
