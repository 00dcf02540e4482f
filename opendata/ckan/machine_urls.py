"""Addresses for programs. They have no language prefix, and each is answered with and without a slash at its end."""

from __future__ import annotations

from django.urls import re_path

from opendata.ckan import views

app_name = "ckan"
urlpatterns = [
    re_path(r"^api/3/?$", views.root, name="root"),
    re_path(r"^api/(?:3/)?action(?:/(?P<name>[^/]*))?/?$", views.action, name="action"),
    re_path(r"^datastore/dump/(?P<identifier>[^/]+)/?$", views.datastore_dump, name="dump"),
]
