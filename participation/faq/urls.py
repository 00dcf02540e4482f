from django.urls import path

from participation.faq import views

app_name = "faq"
urlpatterns = [
    path("faq/", views.entries, name="list"),
    path("faq/<slug:slug>.txt", views.entry_text, name="entry-text"),
    path("faq/<slug:slug>/", views.entry, name="entry"),
    path("faq/<slug:slug>/helpful/", views.helpful, name="helpful"),
]
