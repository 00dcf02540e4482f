from django.urls import path

from policies.pages import views

app_name = "pages"
urlpatterns = [
    path("policies/", views.policies, name="list"),
    path("policies/<slug:slug>.txt", views.policy_text, name="policy-text"),
    path("policies/<slug:slug>/", views.policy, name="policy"),
    path("policies/<slug:slug>/history/", views.history, name="history"),
    path("policies/<slug:slug>/compare/", views.compare, name="compare"),
    path("policies/<slug:slug>/v/<int:number>/", views.version, name="version"),
    path("policies/<slug:slug>/v/<int:number>.txt", views.version_text, name="version-text"),
]
