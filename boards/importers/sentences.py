"""What an import says, in the reader's language: reports keep codes and counts, the sentences are made when shown."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Any] = {
    "boards": _("Boards"),
    "columns": _("Columns"),
    "tickets": _("Tickets"),
    "checklists": _("Checklists"),
    "checklist_items": _("Checklist items"),
    "comments": _("Comments"),
    "labels": _("Labels"),
    "members": _("People"),
    "former_members": _("People who have left"),
    "attachments": _("Attachments"),
    "moves": _("Moves"),
    "dates": _("Start and due dates"),
    "custom_fields": _("Custom fields"),
    "history": _("History"),
    "text": _("Text"),
    "templates": _("Template cards"),
    "mirrors": _("Mirror cards"),
    "labels_on_tickets": _("Labels on tickets"),
    "assignments": _("Assignments"),
    "covers": _("Card covers"),
    "votes": _("Votes"),
    "stickers": _("Stickers"),
    "power_up_data": _("Power-Up data"),
    "locations": _("Locations"),
    "repeats": _("Repetition rules"),
    "reminders": _("Reminders"),
    "due_complete": _("Dates marked as complete"),
    "mail_in_addresses": _("Secret e-mail addresses of cards"),
}
# Why something is lost, or in which form it is kept.
REASONS: dict[str, Any] = {
    "secret": _("Whoever has such an address can write to the card, so it is never stored."),
    "not_kept": _("Tika has no place for this."),
    "no_place": _("Tika does not mark a date as complete; the ticket stays in its column."),
    "history_limit": _("Trello's export ends at 1,000 actions; what is older is not in the file."),
    "not_in_file": _("The cards count more of them than the file holds."),
    "ticket_gone": _("Their card is not in the file."),
    "checklist_gone": _("Their checklist is not in the file."),
    "label_gone": _("The label is not in the file."),
    "person_gone": _("The person is not in the file."),
    "field_gone": _("The field is not in the file."),
    "removed_here": _("Their ticket has been removed in Tika since an earlier import."),
    "unused_name": _("No card carries the label."),
    "empty": _("They have no text."),
    "no_id": _("They have no id in the file."),
    "no_date": _("They have no date in the file."),
    "repeated": _("The file has them twice; the first one counts."),
    "not_a_board": _("These parts of the file are not Trello boards."),
    "part_unreadable": _("This part of the file is not a list."),
    "item_unreadable": _("These entries of the file are not what Trello writes."),
    "field_unreadable": _("A field of these entries holds something else than Trello writes, and is left empty."),
    "title_cut": _("Titles longer than 255 characters are cut; the whole title stands at the top of the description."),
    "title_joined": _("A title with line breaks is written in one line."),
    "name_cut": _("Long names are cut."),
    "text_cut": _("Long texts are cut."),
    "item_cut": _("Items longer than 1,000 characters are cut; the whole text stands in the description."),
    "time_dropped": _("Tika keeps the day, not the time of day."),
    "as_text": _("They stand as text at the end of the description."),
    "details_as_text": _("Their own date and person stand behind the text of the item."),
    "address_as_text": _("Their address is not a web link; it stands as text in the description."),
    "upload_linked": _("The file is not in the export; the link to it is kept, and Trello may ask you to sign in."),
    "file_too_large": _("The file is larger than an attachment may be; the link to it is kept."),
    "as_ticket": _("They have become ordinary tickets."),
    "was_private": _(
        "The board was private; now every member of the workspace sees it, until you change its settings."
    ),
    "list_named_by_history": _("Their list is missing in the file; its name comes from the history."),
    "list_unknown": _("Their list is missing in the file; they stand in the column “Without a list”."),
    "column_gone": _("One of the two lists is not in the file."),
    "renumbered": _("Their number was taken or missing, so they got a new one."),
    "bytes_replaced": _("Bytes that are not UTF-8 are shown as �."),
}
# Where a file stopped being readable; what stood before it is imported.
BREAKS: dict[str, Any] = {
    "truncated": _(
        "%(file)s breaks off after %(at)s bytes, in “%(part)s” after entry %(count)s. All before that is imported."
    ),
    "invalid": _(
        "%(file)s is damaged near byte %(at)s, in “%(part)s” after entry %(count)s. All before that is imported."
    ),
    "trailing": _("%(file)s goes on after the end of the board, near byte %(at)s. The rest is ignored."),
    "not_json": _("%(file)s is not JSON and is ignored."),
    "empty": _("%(file)s is empty and is ignored."),
}
# Why a file is not imported at all.
REFUSALS: dict[str, Any] = {
    "no_such_file": _("There is no file %(file)s."),
    "unreadable": _("%(file)s may not be read by this user."),
    "no_such_folder": _("%(file)s is neither a folder nor a ZIP file."),
    "broken_empty": _("%(file)s is empty. Nothing was imported."),
    "packed": _("%(file)s is packed. Unpack it first, or pack it as a ZIP file. Nothing was imported."),
    "broken_not_json": _(
        "%(file)s is not JSON. In Trello, choose “Print, export, and share”, then “Export as JSON”."
        " Nothing was imported."
    ),
    "broken_truncated": _(
        "%(file)s breaks off after %(at)s bytes, before the first list or card. Nothing was imported."
    ),
    "broken_invalid": _("%(file)s is damaged near byte %(at)s, before the first list or card. Nothing was imported."),
    "not_trello": _(
        "This is JSON, but not a Trello board: it has neither lists nor cards as Trello writes them."
        " Nothing was imported."
    ),
    "encoding": _("%(file)s is not written in UTF-8, so its letters cannot be read. Nothing was imported."),
    "too_large": _("%(file)s is larger than %(limit)s MB. Raise TIKA_IMPORT_MAX_MB to allow it. Nothing was imported."),
    "zip_without_json": _("The ZIP file %(file)s holds no JSON file. Nothing was imported."),
    "zip_unreadable": _("The ZIP file %(file)s is damaged or locked with a password. Nothing was imported."),
    "zip_too_many": _("The ZIP file %(file)s holds more than %(limit)s files. Nothing was imported."),
    "zip_bomb": _(
        "%(file)s in the ZIP file would become so much larger when unpacked that it looks like an attack."
        " Nothing was imported."
    ),
    "file_gone": _("The uploaded file is no longer there. Upload it again."),
    "expired": _("The import was not started within a week, so the uploaded file was removed. Upload it again."),
    "stopped": _("The import was interrupted. Nothing of it was kept; start it again."),
    "not_reconciled": _("The database did not hold what the file holds, so everything was taken back."),
    "broken": _("Something went wrong while importing. Nothing of this board was kept; the log has the details."),
}


def kind_name(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def reason(code: str) -> str:
    return str(REASONS.get(code, code))


def break_sentence(found: Mapping[str, Any]) -> str:
    part = kind_name(found["part"]) if found.get("part") else gettext("board")
    return str(BREAKS[found["code"]]) % {**found, "part": part, "at": f"{found['at']:,}"}


def refusal(code: str, values: Mapping[str, Any]) -> str:
    shown = {key: f"{value:,}" if isinstance(value, int) else value for key, value in values.items()}
    return str(REFUSALS[code]) % shown
