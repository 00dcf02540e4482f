from django.urls import path

from participation.social import views

app_name = "social"
urlpatterns = [
    path("social/", views.accounts, name="list"),
    path("social/check/", views.check, name="check"),
    path("social/accounts.json", views.accounts_json, name="json"),
]
