"""Where a project hangs in the thread of a programme."""

from __future__ import annotations

import pytest

from programmes.thread import UNLINKED, Anchor, Place, anchor_of

# Call 1 implements actions 11 and 12 of work programme 101; call 2 implements none.
IMPLEMENTED = {1: [11, 12], 2: []}
HOMES = {11: 101, 12: 101, 13: 102}


@pytest.mark.parametrize(
    ("place", "anchor"),
    [
        (Place(1, 11, 101), Anchor("call", 1)),
        (Place(1, 12, 101), Anchor("call", 1)),
        (Place(1, None, 101), Anchor("call", 1)),
        (Place(1, None, None), Anchor("call", 1)),
        (Place(2, None, None), Anchor("call", 2)),
        (Place(1, 13, 102), Anchor("action", 13)),
        (Place(1, None, 102), Anchor("work_programme", 102)),
        (Place(2, 11, 101), Anchor("action", 11)),
        (Place(2, None, 101), Anchor("work_programme", 101)),
        (Place(None, 11, 101), Anchor("action", 11)),
        (Place(None, None, 101), Anchor("work_programme", 101)),
        (Place(None, None, None), UNLINKED),
        # A call, and an action, that the viewer may not see.
        (Place(9, None, None), UNLINKED),
        (Place(9, None, 101), Anchor("work_programme", 101)),
        (Place(None, 99, 101), Anchor("work_programme", 101)),
    ],
)
def test_a_project_hangs_on_the_lowest_node_that_agrees_with_it(place, anchor):
    assert anchor_of(place, IMPLEMENTED, HOMES) == anchor
