from django.urls import path

from portal.home import calendar_feed, help, participation_map, search, site_map, views

app_name = "home"
urlpatterns = [
    path("", views.home, name="home"),
    path("participation/", participation_map.participation, name="participation"),
    path("participation/done/", participation_map.done, name="participation-done"),
    path("participation/calendar.ics", calendar_feed.ics, name="calendar-ics"),
    path("participation/calendar.json", calendar_feed.json, name="calendar-json"),
    path("search/", search.results, name="search"),
    path("sitemap/", site_map.page, name="sitemap"),
    path("help/", help.page, name="help"),
]
