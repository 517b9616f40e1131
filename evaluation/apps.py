from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"

    def ready(self) -> None:
        from evaluation import trail  # noqa: F401 - names its verbs and records for the audit trail
