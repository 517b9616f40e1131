"""Where calls for proposals are found."""

from django.urls import path

from calls import views

urlpatterns = [
    path("", views.list_calls, name="list_calls"),
    path("<code:code>/", views.view_call, name="view_call"),
]
