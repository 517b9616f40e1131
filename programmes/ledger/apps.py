from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "programmes.ledger"
    label = "ledger"

    def ready(self) -> None:
        from programmes.ledger import seals  # noqa: F401 - has the ledger's rows sealed
