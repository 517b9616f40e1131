"""Pages that see every app: the home page, dashboards, countries, the data, the audit trail and its seals."""

from portal.views.audit import download_entries, list_entries
from portal.views.countries import list_countries, view_country
from portal.views.dashboards import view_dashboard
from portal.views.data import open_data
from portal.views.front import home
from portal.views.seals import check_seals, list_seals

__all__ = [
    "check_seals",
    "download_entries",
    "home",
    "list_countries",
    "list_entries",
    "list_seals",
    "open_data",
    "view_country",
    "view_dashboard",
]
