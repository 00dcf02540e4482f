"""Every address of the portal. Public pages live under /ar/ and /en/, the same path in both."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from portal.home import health, site_map, views

handler403 = "portal.home.errors.forbidden"
handler404 = "portal.home.errors.not_found"
handler500 = "portal.home.errors.server_error"

urlpatterns = [
    path("", views.root, name="root"),
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("sitemap.xml", site_map.xml, name="sitemap-xml"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("", include("opendata.reusers.machine_urls")),
    path("", include("opendata.catalogue.machine_urls")),
    path("", include("opendata.api.machine_urls")),
    path("", include("opendata.ckan.machine_urls")),
    path("", include("opendata.dcat.machine_urls")),
    *i18n_patterns(
        path("", include("portal.home.urls")),
        path("", include("participation.feedback.urls")),
        path("", include("participation.surveys.urls")),
        path("", include("participation.faq.urls")),
        path("", include("participation.news.urls")),
        path("", include("participation.outcomes.urls")),
        path("", include("participation.social.urls")),
        path("", include("policies.services.urls")),
        path("", include("policies.assessment.urls")),
        path("", include("policies.pages.urls")),
        path("", include("accessibility.urls")),
        path("", include("opendata.inventory.urls")),
        path("", include("opendata.data_requests.urls")),
        path("", include("opendata.reusers.urls")),
        path("", include("opendata.catalogue.urls")),
        path("", include("portal.feeds.urls")),
    ),
]
