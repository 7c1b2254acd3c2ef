"""The console's addresses, below `/ops/`. What is not here is a page of the operators' workspace: `/ops/members/`,
`/ops/boards/OPS/`, `/ops/api/...`."""

from django.urls import path

from boards.views import boards
from observability.console.views import operators, overview

app_name = "console"
urlpatterns = [
    path("", overview.show, name="overview"),
    path("operators/", operators.index, name="operators"),
    path("operators/grant", operators.grant, name="operator-grant"),
    path("operators/<uuid:operator_id>/revocation", operators.revoke, name="operator-revoke"),
    # A workspace's list of boards is at its root; theirs is the console.
    path("boards/", boards.index, name="boards"),
]
