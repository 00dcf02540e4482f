from django.urls import path

from policies.services import views

app_name = "services"
urlpatterns = [
    path("services/", views.directory, name="list"),
    path("services/organisations/", views.organisations, name="organisations"),
    path("services/organisations.csv", views.organisations_file, name="organisations_file"),
    path("services/<slug:slug>/", views.service, name="service"),
    path("services/<slug:slug>.txt", views.service_text, name="service_text"),
]
