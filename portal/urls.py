"""Every app's routes and the API's. Each app's own `urls.py` says what lies below its first segment."""

from django.urls import URLPattern, URLResolver, include, path

from portal import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("dashboard/", views.view_dashboard, name="view_dashboard"),
    path("countries/", views.list_countries, name="list_countries"),
    path("countries/<code:code>/", views.view_country, name="view_country"),
    path("data/", views.open_data, name="open_data"),
    path("accounts/", include("allauth.urls")),
    path("programmes/", include("programmes.urls")),
    path("calls/", include("calls.urls")),
    path("projects/", include("projects.urls")),
    path("evaluation/", include("evaluation.urls")),
    path("languages/", include("django.conf.urls.i18n")),
]
