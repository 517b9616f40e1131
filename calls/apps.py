from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "calls"

    def ready(self) -> None:
        from calls import (
            codes,  # noqa: F401 - tells the ledger which codes exist
            trail,  # noqa: F401 - names its verbs and records for the audit trail
        )
