"""Why a PDF is not made."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.install import LIBRARY_COMMANDS


class ReportsUnavailable(Exception):
    """The system libraries that draw PDFs are missing here; the message says how to install them."""

    def __init__(self, cause: str) -> None:
        commands = "; ".join(f"{system}: {line}" for system, line in LIBRARY_COMMANDS.items())
        super().__init__(
            _(
                "Reports cannot be built on this machine: a system library is missing "
                "(%(cause)s). Install it, then start the portal again. %(commands)s."
            )
            % {"cause": cause.splitlines()[0], "commands": commands}
        )


class Unprintable(Exception):
    """The page holds what a report may not: the message names every fault that was found."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            _("The report was not made: %(faults)s") % {"faults": "; ".join(self.faults)}
        )
