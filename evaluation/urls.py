"""What lies below `evaluation/`: evaluations, figures, reports."""

from django.urls import path

from evaluation import views

urlpatterns = [
    path("", views.list_evaluations, name="list_evaluations"),
    path("figures/<str:measure>/", views.view_figure, name="view_figure"),
    path(
        "figures/<str:measure>/records.csv",
        views.download_figure_records,
        name="download_figure_records",
    ),
    path("figures/<str:measure>/<str:part>/", views.view_figure_part, name="view_figure_part"),
    path("reports/", views.list_reports, name="list_reports"),
    path("reports/add/", views.add_report, name="add_report"),
    path("reports/<code:code>/", views.view_report, name="view_report"),
    path("reports/<code:code>/progress/", views.view_report_progress, name="view_report_progress"),
    path("reports/<code:code>/file/", views.download_report, name="download_report"),
    path("reports/<code:code>/retry/", views.retry_report, name="retry_report"),
    path(
        "reports/<code:code>/tables/<slug:table>/",
        views.download_report_table,
        name="download_report_table",
    ),
    path("<code:code>/", views.view_evaluation, name="view_evaluation"),
]
