from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"

    def ready(self) -> None:
        from programmes import (
            codes,  # noqa: F401 - tells the ledger which codes exist
            trail,  # noqa: F401 - names its verbs and records for the audit trail
        )
