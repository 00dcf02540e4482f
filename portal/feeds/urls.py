from django.urls import path

from portal.feeds import views

app_name = "feeds"
urlpatterns = [
    path("feeds/", views.feed_list, name="list"),
    path("feeds/<slug:slug>.rss", views.rss, name="rss"),
    path("feeds/<slug:slug>.atom", views.atom, name="atom"),
    path("feeds/subscribe/", views.subscribe, name="subscribe"),
    path("feeds/subscribe/sent/", views.look, name="look"),
    path("feeds/confirm/<str:token>/", views.confirm, name="confirm"),
    path("feeds/subscription/<str:token>/", views.subscription, name="subscription"),
    path("feeds/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
