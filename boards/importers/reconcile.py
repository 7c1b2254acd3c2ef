"""What the database holds of a board, counted from the rows themselves: before and after, the difference came."""

import uuid
from collections import Counter
from typing import Any

from audit.models import Entry
from boards.importers.known import MODELS, Kind
from boards.models import Board
from boards.models.importing import ImportedObject

NAMES = {
    Kind.BOARD: "boards",
    Kind.COLUMN: "columns",
    Kind.TICKET: "tickets",
    Kind.CHECKLIST: "checklists",
    Kind.ITEM: "checklist_items",
    Kind.COMMENT: "comments",
    Kind.LABEL: "labels",
    Kind.PERSON: "members",
    Kind.ATTACHMENT: "attachments",
    Kind.MOVE: "moves",
}
ON_BOARD = (Kind.COLUMN, Kind.TICKET, Kind.CHECKLIST, Kind.ITEM, Kind.COMMENT, Kind.LABEL, Kind.ATTACHMENT)


def held(tenant_id: uuid.UUID, board_id: uuid.UUID | None) -> Counter[str]:
    """By the report's kinds; nothing for a board that is not there yet."""
    if board_id is None:
        return Counter()
    mine: dict[str, Any] = {"tenant_id": tenant_id, "board_id": board_id}
    counts = Counter({NAMES[kind]: MODELS[kind].objects.filter(**mine).count() for kind in ON_BOARD})
    counts["boards"] = Board.objects.filter(tenant_id=tenant_id, pk=board_id).count()
    # What an import brings from before Tika has no place in a board's order of versions.
    counts["moves"] = Entry.objects.filter(**mine, board_version=None, actor_type="import").count()
    return counts


def noted(tenant_id: uuid.UUID, import_id: uuid.UUID, former: set[str]) -> Counter[str]:
    """What this import has brought so far; `former` are the source's ids of people who had left."""
    mine = ImportedObject.objects.filter(tenant_id=tenant_id, origin_id=import_id)
    counts = Counter({name: mine.filter(kind=kind).count() for kind, name in NAMES.items()})
    counts["former_members"] = mine.filter(kind=Kind.PERSON, source_id__in=former).count()
    counts["members"] -= counts["former_members"]
    return counts


def request_id(import_id: uuid.UUID | None) -> str:
    return f"import-{import_id}"
