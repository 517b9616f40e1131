"""Who may do what to programmes, documents, decisions and commitments.

Officers write. Nobody adopts, opens, amends, ends or books what they changed themselves since it was last
approved: the audit trail says who did.
"""

from __future__ import annotations

import rules
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.accounts.models import User
from portal.accounts.people import Viewer
from portal.accounts.rules import is_auditor, is_officer
from portal.audit.models import Entry
from programmes.models import (
    Commitment,
    CommitmentStatus,
    Document,
    FinancingDecision,
    Programme,
)

# Verbs that approve: whoever changed the record before the last of them is free again.
APPROVALS = (
    "adopt_document",
    "supersede_document",
    "repeal_document",
    "book_commitment",
    "open_programme",
)
# Verbs that hand a record on without changing what it says.
HANDINGS_ON = ("consult_document", "return_document")
KINDS = {Document: "document", Commitment: "commitment", Programme: "programme"}


def changes_by(viewer: Viewer, record: Document | Commitment | Programme) -> QuerySet[Entry]:
    """What the viewer did to the record, or to a part of it, since it was last approved, the latest first.

    An amendment is a document of its own: drafting it changes nothing in what it amends, adopting it
    approves what that says from then on. Booking the first commitment of a financing decision makes that
    public and final: until then what was done to the decision counts as done to each of its commitments.
    """
    if not isinstance(viewer, User):
        return Entry.objects.none()
    return _changes(type(record), record.code, record.code).filter(actor=viewer.actor)


def changed_by(viewer: User, records: QuerySet[Document | Commitment | Programme]) -> set[str]:
    """The codes of those among many records of one kind that the viewer changed, as `changes_by` has it; one query."""
    changes = _changes(records.model, OuterRef("code"), OuterRef(OuterRef("code")))
    mine = records.filter(Exists(changes.filter(actor=viewer.actor)))
    return set(mine.values_list("code", flat=True))


def _changes(
    kind: type[Document | Commitment | Programme], code: str | OuterRef, inner: str | OuterRef
) -> QuerySet[Entry]:
    """Every change since the last approval. `inner` is the code as a query within this one names it."""
    approved = Entry.objects.filter(
        Q(record_kind=KINDS[kind], record_code=inner) | Q(part_of=inner, record_kind="document"),
        verb__in=APPROVALS,
    ).order_by("-position")
    last = Coalesce(Subquery(approved.values("position")[:1]), 0)
    own = Q(record_kind=KINDS[kind], record_code=code)
    parts = Q(part_of=code) & ~Q(record_kind="document")
    about = own | parts
    if kind is Commitment:
        decided = FinancingDecision.objects.filter(commitments__code=inner)
        frozen = FinancingDecision.objects.filter(commitments__status=CommitmentStatus.BOOKED)
        still_open = decided.exclude(pk__in=frozen.values("pk")).values("code")
        about |= Q(record_kind="financing decision", record_code__in=still_open)
    since = Entry.objects.filter(about, position__gt=last).exclude(verb__in=HANDINGS_ON)
    return since.order_by("-position")


@rules.predicate
def has_changed_it(viewer: Viewer, record: Document | Commitment | Programme | None) -> bool:
    """The viewer changed the record, or a part of it, since it was last approved."""
    return record is not None and changes_by(viewer, record).exists()


ADD_DOCUMENT = "programmes.add_document"
CHANGE_DOCUMENT = "programmes.change_document"
DISCARD_DOCUMENT = "programmes.discard_document"
CONSULT_DOCUMENT = "programmes.consult_document"
RETURN_DOCUMENT = "programmes.return_document"
ADOPT_DOCUMENT = "programmes.adopt_document"
AMEND_DOCUMENT = "programmes.amend_document"
SUPERSEDE_DOCUMENT = "programmes.supersede_document"
REPEAL_DOCUMENT = "programmes.repeal_document"
ADD_DOCUMENT_FILE = "programmes.add_document_file"
ADD_FINANCING_DECISION = "programmes.add_financing_decision"
CHANGE_COMMITMENT = "programmes.change_commitment"
BOOK_COMMITMENT = "programmes.book_commitment"
DECOMMIT_COMMITMENT = "programmes.decommit_commitment"
CARRY_OVER_COMMITMENT = "programmes.carry_over_commitment"
ADD_PROGRAMME = "programmes.add_programme"
CHANGE_PROGRAMME = "programmes.change_programme"
OPEN_PROGRAMME = "programmes.open_programme"
SET_UP_PROGRAMME = "programmes.set_up_programme"

for _permission in (
    ADD_DOCUMENT,
    CHANGE_DOCUMENT,
    DISCARD_DOCUMENT,
    CONSULT_DOCUMENT,
    RETURN_DOCUMENT,
    AMEND_DOCUMENT,
    ADD_DOCUMENT_FILE,
    ADD_FINANCING_DECISION,
    CHANGE_COMMITMENT,
    DECOMMIT_COMMITMENT,
    CARRY_OVER_COMMITMENT,
    ADD_PROGRAMME,
    CHANGE_PROGRAMME,
):
    rules.add_perm(_permission, is_officer)
for _permission in (
    ADOPT_DOCUMENT,
    SUPERSEDE_DOCUMENT,
    REPEAL_DOCUMENT,
    BOOK_COMMITMENT,
    OPEN_PROGRAMME,
):
    rules.add_perm(_permission, is_officer & ~has_changed_it)
rules.add_perm(SET_UP_PROGRAMME, is_officer | is_auditor)
