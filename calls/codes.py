"""Tells the ledger which calls and lots there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from calls.models import Call, Lot
from portal.accounts.people import Viewer
from programmes.codes import home_of
from programmes.ledger.codes import CodeHome, Named, register


def _known_lots(codes: Collection[str]) -> set[str]:
    return set(Lot.objects.filter(code__in=codes).values_list("code", flat=True))


def _describe_lots(codes: Collection[str], viewer: Viewer) -> Mapping[str, Named]:
    lots = Lot.objects.filter(code__in=codes, call__in=Call.objects.visible_to(viewer))
    return {
        lot.code: Named(lot.title, lot.call.get_absolute_url())
        for lot in lots.select_related("call")
    }


register(
    "call",
    home_of(
        lambda viewer: Call.objects.all() if viewer is None else Call.objects.visible_to(viewer),
        "view_call",
    ),
)
register("lot", CodeHome(known=_known_lots, describe=_describe_lots))
