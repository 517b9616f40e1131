from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "calls"

    def ready(self) -> None:
        from calls import codes  # noqa: F401 - tells the ledger which codes exist
