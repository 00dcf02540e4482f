"""Addresses for programs. They have no language prefix."""

from __future__ import annotations

from django.urls import path

from opendata.dcat import views

app_name = "dcat"
urlpatterns = [
    path("catalog", views.catalogue_name, name="catalogue_name"),
    path("catalog.<str:kind>", views.catalogue, name="catalogue"),
    path("dataset/<uuid:uuid>", views.dataset_name, name="dataset_name"),
    path("dataset/<uuid:uuid>.<str:kind>", views.dataset, name="dataset"),
    path("dataset/<slug:slug>.<str:kind>", views.dataset_by_slug, name="dataset_by_slug"),
    path("data.json", views.inventory, name="inventory"),
]
