from observability.slo.models.alert import Alert, AlertState
from observability.slo.models.counts import RouteMinute, SliDay, SliMinute
from observability.slo.models.maintenance import MaintenanceWindow
from observability.slo.models.policy import Approval, BudgetReview, Override

__all__ = [
    "Alert",
    "AlertState",
    "Approval",
    "BudgetReview",
    "MaintenanceWindow",
    "Override",
    "RouteMinute",
    "SliDay",
    "SliMinute",
]
