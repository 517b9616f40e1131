from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from calls.models import Call, CallStatus, Lot, LotBudget
from tests.factories.programmes import ProgrammeFactory


class CallFactory(DjangoModelFactory):
    class Meta:
        model = Call

    code = factory.Sequence(lambda n: f"CALL-{n}")
    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.LazyAttribute(lambda o: f"Call {o.code}")
    status = CallStatus.PUBLISHED


class LotFactory(DjangoModelFactory):
    class Meta:
        model = Lot

    call = factory.SubFactory(CallFactory)
    number = factory.Sequence(lambda n: str(n + 1))
    code = factory.LazyAttribute(lambda o: f"{o.call.code}-LOT{o.number}")
    title = factory.LazyAttribute(lambda o: f"Lot {o.number}")


class LotBudgetFactory(DjangoModelFactory):
    class Meta:
        model = LotBudget

    lot = factory.SubFactory(LotFactory)
    budget_year = 2009
    amount = "1000000.00"
