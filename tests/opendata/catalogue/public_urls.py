"""The portal's addresses with the machine faces of the catalogue."""

from django.urls import include, path

from portal import urls
from portal.urls import handler403, handler404, handler500  # noqa: F401

urlpatterns = [path("", include("opendata.catalogue.machine_urls")), *urls.urlpatterns]
