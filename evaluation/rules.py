"""Who may do what to reports: officers have them built, auditors and officers read them."""

from __future__ import annotations

import rules

from portal.accounts.rules import is_auditor, is_officer

VIEW_REPORTS = "evaluation.view_reports"
ADD_REPORT = "evaluation.add_report"
RETRY_REPORT = "evaluation.retry_report"

rules.add_perm(VIEW_REPORTS, is_officer | is_auditor)
rules.add_perm(ADD_REPORT, is_officer)
rules.add_perm(RETRY_REPORT, is_officer)
