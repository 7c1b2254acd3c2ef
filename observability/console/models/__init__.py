from observability.console.models.error_group import ErrorGroup
from observability.console.models.log_level import LogLevel
from observability.console.models.mark import Mark
from observability.console.models.process import Process
from observability.console.models.statement import Statement

__all__ = ["ErrorGroup", "LogLevel", "Mark", "Process", "Statement"]
