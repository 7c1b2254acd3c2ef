"""Django's admin under the console, to look at plain records: read only, and nothing that people wrote in a workspace.

The transaction was told the operators' workspace, so of a tenant's table it shows the operators' rows; secrets and what
jobs were given are left out by naming what is shown.
"""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob

from audit.models import Entry, Operator
from observability.console.access import operator
from observability.console.models import ErrorGroup, LogLevel, Mark, Process, Statement
from observability.slo import models as slo
from tenancy.models import ApiToken, Membership, User

LEFT_OUT = {"login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site"}


class Records(ModelAdmin):  # type: ignore[type-arg]
    """Shows `list_display`, in the list and alone; changes nothing."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    change_list_template = "console/record_list.html"
    change_form_template = "console/record.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.list_display

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": NAMES[self.model], **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        return super().change_view(request, object_id, form_url, {"title": NAMES[self.model], **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        """The list and one record: there is nothing to add, to delete or to have a history."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        site: Any = self.admin_site
        return [
            path("", site.admin_view(self.changelist_view), name=f"{name}_changelist"),
            path("<path:object_id>/change/", site.admin_view(self.change_view), name=f"{name}_change"),
        ]


class LogRecords(Records):
    """Of the operators' workspace, what is on no board: their own tickets are content, too."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return Entry.objects.filter(board_id=None)


class RecordSite(AdminSite):
    site_header = site_title = index_title = _("Records")
    index_template = "console/records.html"
    enable_nav_sidebar = False
    site_url = "/ops/"

    def has_permission(self, request: Any) -> bool:
        """`operator` stands on every address and has asked already."""
        return getattr(request, "operator", None) is not None

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """By their names for people; which app a table comes from is nobody's matter."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"] = [{**model, "name": NAMES[model["model"]]} for model in app["models"]]
        everything = [model for app in apps for model in app["models"]]
        return [{**apps[0], "name": _("Records"), "models": everything}] if apps else []

    def get_urls(self) -> list[Any]:
        kept = [entry for entry in super().get_urls() if getattr(entry, "name", None) not in LEFT_OUT]
        for entry in leaves(kept):
            entry.callback = operator("admin")(require_safe(entry.callback))
        return kept


def leaves(entries: list[Any]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from leaves(entry.url_patterns)
        else:
            yield entry


SHOWN: dict[type[Model], tuple[str, ...]] = {
    User: ("email", "name", "language", "timezone", "is_active", "last_login", "created_at"),
    EmailAddress: ("email", "verified", "primary"),
    Membership: ("name", "role", "is_active", "created_at"),
    ApiToken: ("name", "scope", "created_at", "expires_at", "last_used_at", "revoked_at"),
    Operator: ("user", "level", "granted_by", "granted_at", "revoked_at"),
    Mark: ("kind", "name", "detail", "at"),
    Process: ("kind", "host", "pid", "version", "started_at", "seen_at", "connections", "busy", "threads", "memory_mb"),
    Statement: ("hour", "text", "calls", "total_ms", "longest_ms"),
    LogLevel: ("logger", "level", "until"),
    ErrorGroup: ("type", "route", "service", "version", "count", "first_seen_at", "last_seen_at"),
    slo.SliMinute: ("sli", "minute", "good", "valid", "synthetic", "sum_ms"),
    slo.SliDay: ("sli", "day", "good", "valid", "planned_good", "planned_valid"),
    slo.RouteMinute: ("route", "method", "minute", "failed", "sum_ms"),
    slo.AlertState: ("objective", "rule", "severity", "state", "since", "evaluated_at"),
    slo.Alert: ("objective", "rule", "severity", "fired_at", "resolved_at"),
    slo.MaintenanceWindow: ("what", "starts_at", "ends_at", "announced_at", "cancelled_at", "reclassified_at"),
    slo.Override: ("reason", "ends_at", "created_at", "withdrawn_at"),
    slo.BudgetReview: ("objective", "created_at", "recovered_at"),
    ProcrastinateJob: ("id", "queue_name", "task_name", "priority", "status", "scheduled_at", "attempts"),
}
NAMES: dict[type[Model], Any] = {
    User: _("Accounts"),
    EmailAddress: _("Email addresses"),
    Membership: _("Members of the operators’ workspace"),
    ApiToken: _("Tokens of the operators’ workspace"),
    Operator: _("Operators"),
    Mark: _("Deploys and flags"),
    Process: _("Processes"),
    Statement: _("Statements"),
    LogLevel: _("Log levels"),
    ErrorGroup: _("Errors"),
    slo.SliMinute: _("Service level counts by the minute"),
    slo.SliDay: _("Service level counts by the day"),
    slo.RouteMinute: _("Routes by the minute"),
    slo.AlertState: _("States of alert rules"),
    slo.Alert: _("Alerts"),
    slo.MaintenanceWindow: _("Maintenance"),
    slo.Override: _("Overrides of the deploy gate"),
    slo.BudgetReview: _("Reviews of used-up budgets"),
    ProcrastinateJob: _("Jobs"),
    Entry: _("Log of the operators’ workspace"),
}
NEWEST_FIRST = ("created_at", "at", "minute", "day", "hour", "fired_at", "granted_at", "seen_at")
LOGGED = ("at", "actor_type", "actor_id", "action", "resource", "changes", "reason", "ip", "request_id")
SEARCHED = {User: ("email", "name"), EmailAddress: ("email",), slo.RouteMinute: ("route",), Statement: ("text",)}


def site() -> RecordSite:
    made = RecordSite(name="records")
    for model, shown in SHOWN.items():
        newest = next((f"-{name}" for name in shown if name in NEWEST_FIRST), "-pk")
        own = {"list_display": shown, "ordering": (newest,), "search_fields": SEARCHED.get(model, ())}
        made.register(model, type(f"{model.__name__}Records", (Records,), own))
    made.register(Entry, type("EntryRecords", (LogRecords,), {"list_display": LOGGED, "ordering": ("-at",)}))
    return made


records = site()
