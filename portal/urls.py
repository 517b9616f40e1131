"""Every app's routes and the API's. Each app's own `urls.py` says what lies below its first segment."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from calls import api as calls
from evaluation import api as evaluation
from portal import views
from portal.api import UnknownAddress
from programmes import api as programmes
from projects import api as projects

router = SimpleRouter()
router.register("programmes", programmes.ProgrammeViewSet, basename="api_programme")
router.register("strands", programmes.StrandViewSet, basename="api_strand")
router.register("measures", programmes.MeasureViewSet, basename="api_measure")
router.register("themes", programmes.ThemeViewSet, basename="api_theme")
router.register("countries", programmes.CountryViewSet, basename="api_country")
router.register("regions", programmes.RegionViewSet, basename="api_region")
router.register("rules", programmes.EligibilityRuleViewSet, basename="api_rule")
router.register(
    "programme-countries", programmes.ProgrammeCountryViewSet, basename="api_programme_country"
)
router.register("documents", programmes.DocumentViewSet, basename="api_document")
router.register("document-files", programmes.DocumentFileViewSet, basename="api_document_file")
router.register("passages", programmes.PassageViewSet, basename="api_passage")
router.register("allocations", programmes.AllocationViewSet, basename="api_allocation")
router.register("actions", programmes.ActionViewSet, basename="api_action")
router.register(
    "financing-decisions", programmes.FinancingDecisionViewSet, basename="api_financing_decision"
)
router.register("commitments", programmes.CommitmentViewSet, basename="api_commitment")
router.register("versions", programmes.VersionViewSet, basename="api_version")
router.register("stated-amounts", programmes.StatedAmountViewSet, basename="api_stated_amount")
router.register("calls", calls.CallViewSet, basename="api_call")
router.register("lots", calls.LotViewSet, basename="api_lot")
router.register("grids", calls.GridSectionViewSet, basename="api_grid")
router.register("projects", projects.ProjectViewSet, basename="api_project")
router.register("organisations", projects.OrganisationViewSet, basename="api_organisation")
router.register("criteria", evaluation.CriterionViewSet, basename="api_criterion")
router.register("monitoring-rules", evaluation.MonitoringRuleViewSet, basename="api_monitoring")
router.register("evaluations", evaluation.EvaluationViewSet, basename="api_evaluation")
router.register(
    "evaluation-questions", evaluation.EvaluationQuestionViewSet, basename="api_evaluation_question"
)
router.register("findings", evaluation.FindingViewSet, basename="api_finding")
router.register("recommendations", evaluation.RecommendationViewSet, basename="api_recommendation")
router.register("reports", evaluation.ReportViewSet, basename="api_report")
router.register("seals", evaluation.SealViewSet, basename="api_seal")

api_patterns = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="api_schema"),
    path("figures/<str:measure>/", evaluation.FigureView.as_view(), name="api_figure"),
    path("coverage/", programmes.CoverageView.as_view(), name="api_coverage"),
    *router.urls,
    re_path(r"^(?P<rest>[\s\S]*)$", UnknownAddress.as_view(), name="api_unknown"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("dashboard/", views.view_dashboard, name="view_dashboard"),
    path("countries/", views.list_countries, name="list_countries"),
    path("countries/<code:code>/", views.view_country, name="view_country"),
    path("data/", views.open_data, name="open_data"),
    path("audit/", views.list_entries, name="list_entries"),
    path("audit/entries.csv", views.download_entries, name="download_entries"),
    path("seals/", views.list_seals, name="list_seals"),
    path("seals/check/", views.check_seals, name="check_seals"),
    path("accounts/", include("allauth.urls")),
    path("programmes/", include("programmes.urls")),
    path("calls/", include("calls.urls")),
    path("projects/", include("projects.urls")),
    path("evaluation/", include("evaluation.urls")),
    path("languages/", login_not_required(set_language), name="set_language"),
    path("api/v1/", include(api_patterns)),
]
