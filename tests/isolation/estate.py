"""A workspace with one of everything, the ids a route may be given, and all its rows, to see that none was touched."""

import uuid
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from boards.models import BoardAccess
from boards.verbs import attachments, checklists, comments
from tests.architecture.catalogue import tenant_tables
from tests.cast import Person, Scene, Workspace, furnish, make_workspace, run_sql

# What a use leaves although nothing was changed.
NOT_A_TRACE = {"tenancy_apitoken": "last_used_at"}


@dataclass(frozen=True)
class Estate:
    workspace: Workspace
    owner: Person
    scene: Scene
    ids: dict[str, uuid.UUID]


def furnished(name: str, **people: str) -> Estate:
    """`ids` are called as the parameters of routes and the fields of payloads are."""
    workspace = make_workspace(name, **people)
    scene, owner = furnish(workspace), workspace.owner
    ticket = scene.tickets[0]
    with workspace.told() as by:
        comment = comments.create(ticket, "Who looks at this?", by=by)
        checklist = checklists.create(ticket, "Before", by=by)
        item = checklists.add_item(checklist, "Back up", by=by)
        file = attachments.store(ticket, SimpleUploadedFile("plan.txt", b"step one", "text/plain"), by=by)
        BoardAccess.objects.create(tenant_id=workspace.id, board_id=scene.id, membership_id=owner.id)
    ids = {
        "board": scene.id,
        "column": scene.columns["todo"],
        "label": scene.labels[0],
        "ticket": ticket,
        "comment": comment.pk,
        "checklist": checklist.pk,
        "item": item.pk,
        "attachment": file.pk,
        "member": owner.id,
        "after": scene.tickets[0],
        "before": scene.tickets[1],
        "labels": scene.labels[0],
        "assignees": owner.id,
        "assignee": owner.id,
        "cursor": scene.tickets[0],
    }
    return Estate(workspace, owner, scene, ids)


def state(workspace: Workspace) -> dict[str, list[str]]:
    """{table: rows}: every row of the workspace, the log and the versions included."""
    tables = []
    for table in sorted(tenant_tables()):
        column = "id" if table == "tenancy_tenant" else "tenant_id"
        row = f"to_jsonb(t) - '{NOT_A_TRACE.get(table, '')}'"
        tables.append(f"SELECT '{table}', ({row})::text FROM {table} t WHERE {column} = %(tenant)s")
    found: dict[str, list[str]] = {}
    for table, row in run_sql(
        " UNION ALL ".join(tables) + " ORDER BY 1, 2", {"tenant": workspace.id}, role="superuser"
    ):
        found.setdefault(table, []).append(row)
    return found
