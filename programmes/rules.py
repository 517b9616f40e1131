"""Who may do what to programmes, documents, decisions and commitments.

Officers write. Nobody adopts, opens, amends, ends or books what they changed themselves since it was last
approved: the audit trail says who did.
"""

from __future__ import annotations

import rules
from django.db.models import Q, QuerySet

from portal.accounts.models import User
from portal.accounts.people import Viewer
from portal.accounts.rules import is_auditor, is_officer
from portal.audit.models import Entry
from programmes.models import Commitment, Document, Programme

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
    approves what that says from then on.
    """
    own = Q(record_kind=KINDS[type(record)], record_code=record.code)
    amendments = Q(part_of=record.code, record_kind="document")
    approved = Entry.objects.filter(own | amendments, verb__in=APPROVALS).order_by("-position")
    last = approved.values_list("position", flat=True).first() or 0
    parts = Q(part_of=record.code) & ~Q(record_kind="document")
    since = Entry.objects.filter(own | parts, position__gt=last).exclude(verb__in=HANDINGS_ON)
    since = since.order_by("-position")
    return since.filter(actor=viewer.actor) if isinstance(viewer, User) else since.none()


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
