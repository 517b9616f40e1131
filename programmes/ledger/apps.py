from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "programmes.ledger"
    label = "ledger"
