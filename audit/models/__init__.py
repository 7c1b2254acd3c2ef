from audit.models.entry import Entry
from audit.models.operator import Level, Operator

__all__ = ["Entry", "Level", "Operator"]
