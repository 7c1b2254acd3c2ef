"""What the doctor looks at here. A new check is one function with `@check` in one of these files."""

from observability.console.doctor import errors, later, machinery, pipeline

__all__ = ["errors", "later", "machinery", "pipeline"]
