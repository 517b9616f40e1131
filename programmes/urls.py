"""Where programmes, their strands, documents and actions are found."""

from django.urls import path

from programmes import views

urlpatterns = [
    path("", views.list_programmes, name="list_programmes"),
    path("documents/", views.list_documents, name="list_documents"),
    path("documents/<code:code>/", views.view_document, name="view_document"),
    path("actions/<code:code>/", views.view_action, name="view_action"),
    path("strands/<code:code>/", views.view_strand, name="view_strand"),
    path("<code:code>/", views.view_programme, name="view_programme"),
]
