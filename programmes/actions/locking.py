"""Taking turns: verbs that use an envelope lock it first, always from the work programme down."""

from __future__ import annotations

from programmes.models import Action, Document


def lock_work_programme(work_programme: Document) -> Document:
    """Let nobody else amend, end or finance a work programme until the transaction ends; return it as it now stands."""
    rows = Document.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("programme", "parent").get(pk=work_programme.pk)


def lock_action(action: Action) -> Action:
    """Let nobody else use the envelope of an action until the transaction ends; return it as it now stands.

    Its work programme is locked before it, as whoever amends or ends that work programme does.
    """
    work_programme = lock_work_programme(action.work_programme)
    rows = Action.objects.select_for_update(no_key=True)
    locked = rows.prefetch_related("strands", "regions", "countries", "amounts").get(pk=action.pk)
    locked.work_programme = work_programme
    return locked
