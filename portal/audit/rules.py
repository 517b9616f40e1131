"""Who reads the audit trail, and who may have the seals checked."""

from __future__ import annotations

import rules

from portal.accounts.rules import is_auditor, is_officer

LIST_ENTRIES = "portal.list_entries"
CHECK_SEALS = "portal.check_seals"

# Officers see what was done to a record on the page of that record.
rules.add_perm(LIST_ENTRIES, is_auditor)
rules.add_perm(CHECK_SEALS, is_officer | is_auditor)
