"""Examples for the OpenAPI document, one for each schema, all about the same ticket. The tests send them."""

from typing import Any

IDS = {
    "board": "01a20ad3-716b-7a28-ba06-24d9a3794101",
    "column": "01a20ad3-716b-7a28-ba06-24d9a3794102",
    "label": "01a20ad3-716b-7a28-ba06-24d9a3794103",
    "ticket": "01a20ad3-716b-7a28-ba06-24d9a3794104",
    "after": "01a20ad3-716b-7a28-ba06-24d9a3794105",
    "member": "01a20ad3-716b-7a28-ba06-24d9a3794106",
    "comment": "01a20ad3-716b-7a28-ba06-24d9a3794107",
    "checklist": "01a20ad3-716b-7a28-ba06-24d9a3794108",
    "item": "01a20ad3-716b-7a28-ba06-24d9a3794109",
    "attachment": "01a20ad3-716b-7a28-ba06-24d9a379410a",
    "entry": "01a20ad3-716b-7a28-ba06-24d9a379410b",
}
AT = "2026-11-23T09:30:00.123456+00:00"
LINE = {"name": "To do", "category": "todo", "colour": "blue", "wip_limit": 5}
PLACED = {"number": 2, **LINE, "rank": "a1"}
PLACE = {"column": IDS["column"], "after": IDS["after"]}
BOARD = {"key": "OPS", "name": "Operations", "description": "What keeps the shop open.", "is_private": False}
MARK = {"number": 1, "name": "결제", "colour": "orange"}
WRITTEN = {
    "title": "Pay page fails",
    "description": "The window **closes** after the card number.",
    "labels": [IDS["label"]],
    "assignees": [IDS["member"]],
    "priority": "high",
    "start_on": "2026-11-23",
    "due_on": "2026-11-30",
    "estimate": 3.5,
}
TICKET = {
    "id": IDS["ticket"],
    "key": "OPS-12",
    "number": 12,
    "board": IDS["board"],
    "column": IDS["column"],
    **WRITTEN,
    "version": 3,
    "rank": "a4",
    "comment_count": 1,
    "attachment_count": 1,
    "checklist_total": 2,
    "checklist_done": 1,
    "archived_at": None,
    "trashed_at": None,
    "created_at": AT,
    "updated_at": AT,
    "created_by": IDS["member"],
}
ITEM = {"id": IDS["item"], "checklist": IDS["checklist"], "text": "Call the bank", "is_done": True}
MEMBER = {"id": IDS["member"], "number": 1, "name": "김민지", "role": "MEMBER", "placeholder": False, "active": True}
FIELDS = ["id", "number", "title", "column", "rank", "labels", "assignees", "priority"]
FIELDS += ["start_on", "due_on", "estimate", "version", "described", "badges"]
ROW = [IDS["ticket"], 12, "Pay page fails", 2, "a4", [1], [1], 3, "2026-11-23", "2026-11-30", 3.5, 3, 1, [1, 1, 1, 2]]
SNAPSHOT = {
    "version": 74,
    "board": {"id": IDS["board"], **BOARD, "archived": False},
    "columns": [{"id": IDS["column"], **PLACED}],
    "labels": [{"id": IDS["label"], **MARK}],
    "people": [MEMBER],
    "fields": FIELDS,
    "tickets": [ROW],
}
EXAMPLES: dict[str, Any] = {
    "TicketIn": {"column": IDS["column"], **WRITTEN},
    "TicketPatch": {"title": "Pay page fails on phones", "due_on": None},
    "PositionIn": PLACE,
    "RestoreIn": {"override_reason": "The customer is waiting."},
    "BoardIn": {**BOARD, "key": "PAY"},
    "BoardPatch": {"name": "Operations and support"},
    "AccessIn": {"member": IDS["member"]},
    "ColumnIn": {"board": IDS["board"], **LINE},
    "ColumnPatch": {"name": "Next", "wip_limit": None},
    "ColumnPosition": {"after": None},
    "LabelIn": {"board": IDS["board"], "name": "환불", "colour": "orange"},
    "LabelPatch": {"colour": "red"},
    "CommentIn": {"body": "Since the update of Monday. @김민지 could you look?"},
    "ChecklistIn": {"name": "Before it is closed"},
    "ItemIn": {"text": "Call the bank"},
    "ItemPatch": {"is_done": True},
    "MemberPatch": {"name": "김민지 (결제)"},
    "Board": {"id": IDS["board"], **BOARD, "version": 74, "archived_at": None, "created_at": AT},
    "Column": {"id": IDS["column"], "board": IDS["board"], **PLACED, "archived_at": None},
    "Label": {"id": IDS["label"], "board": IDS["board"], **MARK},
    "Ticket": TICKET,
    "EditedTicket": {**TICKET, "title": "Pay page fails on phones", "due_on": None, "version": 4, "merged": False},
    "Comment": {
        "id": IDS["comment"],
        "ticket": IDS["ticket"],
        "author": IDS["member"],
        "body": "Since the update of Monday.",
        "mentions": [],
        "created_at": AT,
        "edited_at": None,
    },
    "ChecklistItem": ITEM,
    "Checklist": {"id": IDS["checklist"], "ticket": IDS["ticket"], "name": "Before it is closed", "items": [ITEM]},
    "Attachment": {
        "id": IDS["attachment"],
        "ticket": IDS["ticket"],
        "name": "screen.png",
        "size": 48213,
        "content_type": "image/png",
        "is_link": False,
        "url": "",
        "created_by": IDS["member"],
        "created_at": AT,
    },
    "Member": MEMBER,
    "Entry": {
        "id": IDS["entry"],
        "at": AT,
        "actor_type": "user",
        "actor_id": IDS["member"],
        "action": "UPDATE",
        "resource": "ticket",
        "resource_id": IDS["ticket"],
        "changes": {"before": {"title": "Pay page", "version": 2}, "after": {"title": "Pay page fails", "version": 3}},
        "reason": "",
    },
    "Snapshot": SNAPSHOT,
    "Changes": {
        "version": 74,
        "since": 73,
        "board": None,
        "columns": None,
        "labels": None,
        "people": None,
        "fields": FIELDS,
        "tickets": [ROW],
        "removed": [],
        "entries": [
            {
                "version": 74,
                "actor": {"type": "user", "id": IDS["member"]},
                "action": "UPDATE",
                "resource": "ticket",
                "id": IDS["ticket"],
                "ticket": IDS["ticket"],
                "fields": ["title", "version"],
            }
        ],
    },
    "Resync": {"version": 74, "snapshot": SNAPSHOT},
    "SearchPage": {
        "items": [
            {
                "ticket": {
                    "id": IDS["ticket"],
                    "key": "OPS-12",
                    "number": 12,
                    "title": "Pay page fails",
                    "board": {"id": IDS["board"], "key": "OPS", "name": "Operations"},
                    "column": {"id": IDS["column"], "name": "To do"},
                    "archived": False,
                },
                "in": "title",
                "highlight": [["Pay", True], [" page fails", False]],
            }
        ],
        "next": None,
    },
    "Health": {
        "status": "ok",
        "checks": {"database": True, "isolation": True, "migrations": True, "queue": True},
        "version": "0.1.0",
    },
}
PARAMETERS: dict[str, Any] = {
    **{f"{name}_id": value for name, value in IDS.items()},
    "board": IDS["board"],
    "column": IDS["column"],
    "label": IDS["label"],
    "assignee": IDS["member"],
    "priority": "high",
    "due_before": "2026-12-01",
    "due_after": "2026-11-01",
    "limit": 20,
    "fields": "id",
    "since": 0,
    "q": "pay",
}
