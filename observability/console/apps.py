from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "observability.console"
    label = "console"

    def ready(self) -> None:
        from observability.beat import beat
        from observability.console import doctor, processes, statements  # noqa: F401 - the first registers its checks
        from observability.statement_timing import tell

        processes.install()
        tell(statements.count)
        beat.add("sign of life", processes.EVERY, processes.say, at_end=True)
        beat.add("statements", statements.EVERY, statements.flush, at_end=True)
