"""Public addresses; the path is the same in both languages."""

from __future__ import annotations

from django.urls import path

from opendata.inventory import views

app_name = "inventory"
urlpatterns = [
    path("data/inventory/", views.inventory, name="list"),
    path("data/inventory/schedule/", views.schedule, name="schedule"),
    path("data/inventory/<int:pk>/", views.asset, name="asset"),
    path("data/inventory.<str:kind>", views.inventory_file, name="list_file"),
    path("data/agencies/", views.agencies, name="agencies"),
    path("data/agencies.<str:kind>", views.agencies_file, name="agencies_file"),
    path("data/agencies/<slug:slug>/", views.agency, name="agency"),
    path("data/agencies/<slug:slug>.<str:kind>", views.agency_file, name="agency_file"),
]
