"""Officers who draft at once, in connections of their own: nothing is lost, nothing is numbered twice."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from programmes.actions import drafting
from programmes.models import Action, Document
from tests.programmes.drafted import draft_work_programme
from tests.programmes.test_commit_at_once import at_once


def test_both_add_an_action(lifted_guard, officer, second_officer):
    work = draft_work_programme()
    people = list(get_user_model().objects.filter(pk__in=[officer.pk, second_officer.pk]))
    ends = at_once(
        *(
            lambda by=by: drafting.add_action(
                Document.objects.get(pk=work.pk), by=by, title=f"Action of {by.name}"
            )
            for by in people
        )
    )
    assert ends == ["done", "done"]
    assert set(Action.objects.values_list("code", flat=True)) == {"AWP-2009-1", "AWP-2009-2"}
    work.refresh_from_db()
    assert work.revision == 2


def test_both_change_the_same_action(lifted_guard, officer, second_officer):
    work = draft_work_programme()
    action = drafting.add_action(work, by=officer, title="Boats")
    ends = at_once(
        *(
            lambda by=by: drafting.change_action(
                Action.objects.get(pk=action.pk), by=by, revision=0, title=by.name
            )
            for by in (officer, second_officer)
        )
    )
    assert ends == ["Stale", "done"]
    action.refresh_from_db()
    assert action.revision == 1
    assert action.title in {"Olga Officer", "Sven Second"}
