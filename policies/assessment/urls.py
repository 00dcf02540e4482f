from django.urls import path

from policies.assessment import views

app_name = "assessment"
urlpatterns = [
    path("e-transformation/", views.index, name="index"),
    path("e-transformation/<int:year>/", views.year, name="year"),
    path("e-transformation/<int:year>.csv", views.year_file, name="year_file"),
    path("e-transformation/<int:year>/<slug:code>/", views.organisation, name="organisation"),
]
