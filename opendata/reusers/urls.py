"""Pages for whoever builds upon the data."""

from __future__ import annotations

from django.urls import path

from opendata.reusers.views import pages

app_name = "reusers_pages"
urlpatterns = [path("data/reusers/", pages.guide, name="guide")]
