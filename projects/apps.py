from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from projects import (
            codes,  # noqa: F401 - tells the ledger which codes exist
            trail,  # noqa: F401 - names its verbs and records for the audit trail
        )
