from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"

    def ready(self) -> None:
        from evaluation import heads, trail  # noqa: F401 - tell the seals and the trail what is its own
