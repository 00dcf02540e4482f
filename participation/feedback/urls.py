from django.urls import path

from participation.feedback import views

app_name = "feedback"
urlpatterns = [
    path("contact/", views.contact, name="contact"),
    path("contact/sent/<str:reference>/", views.sent, name="sent"),
    path("track/", views.track, name="track"),
    path("track/<str:token>/", views.case, name="case"),
    path("track/<str:token>/due/", views.due, name="due"),
    path("track/<str:token>/files/<uuid:public_id>/", views.file, name="file"),
    path("performance/", views.performance, name="performance"),
    path("performance/service-levels.<str:kind>", views.performance_file, name="performance_file"),
    path("performance/<slug:code>/", views.performance_unit, name="performance_unit"),
    path("performance/<slug:code>/service-levels.<str:kind>", views.performance_file, name="performance_unit_file"),
]
