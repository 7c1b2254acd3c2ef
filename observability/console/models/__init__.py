from observability.console.models.mark import Mark
from observability.console.models.process import Process
from observability.console.models.statement import Statement

__all__ = ["Mark", "Process", "Statement"]
