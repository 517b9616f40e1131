"""What the audit trail calls the verbs and records of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calls.models import Call, GridSection, Lot, LotBudget
from portal.audit.words import name_records, name_verbs

name_verbs(
    {
        "import_calls": _("Calls loaded from a sheet"),
        "import_lots": _("Lots loaded from a sheet"),
        "import_lot_budgets": _("Budgets of lots loaded from a sheet"),
        "import_grids": _("Assessment grids loaded from a sheet"),
    }
)
name_records({"call": Call, "lot": Lot, "lot budget": LotBudget, "grid section": GridSection})
