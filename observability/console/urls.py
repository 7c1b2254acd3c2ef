"""The console's addresses, below `/ops/`. What is not here is a page of the operators' workspace: `/ops/members/`,
`/ops/boards/OPS/`, `/ops/api/...`."""

from django.urls import path

from boards.views import boards
from observability.console.views import (
    backups,
    cost,
    doctor,
    errors,
    log_level,
    log_levels,
    machinery,
    operators,
    overview,
    pipeline,
    routes,
    slos,
    telemetry,
)
from observability.slo.views import agreements, gate, maintenance, overrides

app_name = "console"
urlpatterns = [
    path("", overview.show, name="overview"),
    path("slos/", slos.index, name="slos"),
    path("cost/", cost.show, name="cost"),
    path("doctor/", doctor.show, name="doctor"),
    path("backups/", backups.index, name="backups"),
    path("backups/asked", backups.ask, name="backup-ask"),
    path("backups/drill", backups.ask_drill, name="drill-ask"),
    path("deploy-gate", gate.show, name="deploy-gate"),
    path("gate/", overrides.index, name="gate"),
    path("gate/override", overrides.ask, name="override-ask"),
    path("gate/<uuid:override_id>/approval", overrides.approve, name="override-approve"),
    path("gate/<uuid:override_id>/withdrawal", overrides.withdraw, name="override-withdraw"),
    path("agreements/", agreements.index, name="agreements"),
    path("maintenance/", maintenance.index, name="maintenance"),
    path("maintenance/announcement", maintenance.announce, name="maintenance-announce"),
    path("maintenance/<uuid:window_id>/cancellation", maintenance.cancel, name="maintenance-cancel"),
    path("maintenance/<uuid:window_id>/reclassification", maintenance.reclassify, name="maintenance-reclassify"),
    path("routes/", routes.index, name="routes"),
    path("routes/route/", routes.show, name="route"),
    path("statements/", machinery.slow_statements, name="statements"),
    path("errors/", errors.index, name="errors"),
    path("errors/<uuid:group_id>/", errors.show, name="error"),
    path("jobs/", machinery.queue, name="jobs"),
    path("processes/", machinery.what_runs, name="processes"),
    path("sessions/", machinery.signed_in, name="sessions"),
    path("deploys/", machinery.deploys, name="deploys"),
    path("pipeline/steps", pipeline.steps, name="pipeline-steps"),
    path("pipeline/deployment", pipeline.deployment, name="pipeline-deployment"),
    path("operators/", operators.index, name="operators"),
    path("operators/grant", operators.grant, name="operator-grant"),
    path("operators/<uuid:operator_id>/revocation", operators.revoke, name="operator-revoke"),
    path("telemetry/", telemetry.index, name="telemetry"),
    path("telemetry/sent", telemetry.send, name="telemetry-send"),
    path("log-level", log_level.change, name="log-level"),
    path("log-levels/", log_levels.index, name="log-levels"),
    path("log-levels/change", log_levels.change, name="log-level-change"),
    path("log-levels/<uuid:level_id>/end", log_levels.end, name="log-level-end"),
    # A workspace's list of boards is at its root; theirs is the console.
    path("boards/", boards.index, name="boards"),
]
