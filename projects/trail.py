"""What the audit trail calls the verbs and records of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.audit.words import name_records, name_verbs
from projects.models import Project

name_verbs({"import_projects": _("Projects loaded from a sheet")})
name_records({"project": Project})
