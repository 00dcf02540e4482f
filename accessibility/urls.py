from django.urls import path

from accessibility import display, report, views

app_name = "accessibility"
urlpatterns = [
    path("accessibility/", views.statement, name="statement"),
    path("accessibility/audits/", views.audits, name="audits"),
    path("accessibility/audits/latest.json", views.latest_json, name="latest-json"),
    path("accessibility/audits/<int:pk>/", views.audit, name="audit"),
    path("accessibility/display/", display.preferences, name="display"),
    path("accessibility/report/", report.report, name="report"),
]
