"""Pages that see every app: the home page, each person's dashboard, countries, and the page about the data."""

from portal.views.countries import list_countries, view_country
from portal.views.dashboards import view_dashboard
from portal.views.data import open_data
from portal.views.front import home

__all__ = ["home", "list_countries", "open_data", "view_country", "view_dashboard"]
