from django.urls import path

from participation.outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("outcomes/", views.outcomes, name="list"),
    path("outcomes/<slug:slug>/", views.outcome, name="outcome"),
]
