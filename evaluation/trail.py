"""What the audit trail calls the verbs and records of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from evaluation.models import Evaluation, Report
from portal.audit.words import name_records, name_verbs

name_verbs(
    {
        "import_evaluations": _("Evaluations loaded from a sheet"),
        "request_report": _("Report asked for"),
        "retry_report": _("Report queued again"),
    }
)
name_records({"evaluation": Evaluation, "report": Report})
