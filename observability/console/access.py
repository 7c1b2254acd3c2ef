"""Who may see the console: the operators' grants, which `audit` keeps, so that `observability.slo` can ask, too."""

from audit.models.operator import Level, Operator
from audit.operators import operator, operator_api, operator_of

__all__ = ["Level", "Operator", "operator", "operator_api", "operator_of"]
