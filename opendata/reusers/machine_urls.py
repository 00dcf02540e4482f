"""Addresses for programs. They have no language prefix."""

from __future__ import annotations

from django.urls import path

from opendata.reusers.views import bulk

app_name = "reusers"
urlpatterns = [
    path("files/all.zip", bulk.everything, name="all"),
    path("files/agencies/<slug:slug>.zip", bulk.of_agency, name="agency"),
]
