"""People's main walks through the open portal, in a real browser."""

import pytest

pytest.register_assert_rewrite("tests.journeys.walk")
