from django.urls import path

from participation.news import views

app_name = "news"
urlpatterns = [
    path("news/", views.announcements, name="list"),
    path("news/<slug:slug>/", views.announcement, name="announcement"),
    path("news/<slug:slug>/image/", views.image, name="image"),
]
