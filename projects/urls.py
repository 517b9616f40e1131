"""Where projects and the organisations that carry them out are found."""

from django.urls import path

from projects import views

urlpatterns = [
    path("", views.list_projects, name="list_projects"),
    path("organisations/", views.list_organisations, name="list_organisations"),
    path("organisations/<code:code>/", views.view_organisation, name="view_organisation"),
    path("<code:code>/", views.view_project, name="view_project"),
]
