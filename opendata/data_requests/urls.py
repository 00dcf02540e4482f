"""Public addresses; the path is the same in both languages."""

from __future__ import annotations

from django.urls import path

from opendata.data_requests.views import pages, sending, tracking

app_name = "data_requests"
urlpatterns = [
    path("data/requests/", pages.request_list, name="list"),
    path("data/requests/new/", sending.new, name="new"),
    path("data/requests/sent/<str:reference>/", sending.sent, name="sent"),
    path("data/requests/track/", tracking.track, name="track"),
    path("data/requests/track/<str:token>/", tracking.mine, name="mine"),
    path("data/requests/<str:reference>/", pages.one, name="request"),
    path("data/requests/<str:reference>/due/", pages.due, name="due"),
    path("data/requests/<str:reference>/support/", pages.support, name="support"),
]
