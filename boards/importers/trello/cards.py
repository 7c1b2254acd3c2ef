"""The facts of one Trello card, and what of it has no place here."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from boards.importers.draft import NAME_MAX, TITLE_MAX
from boards.importers.values import Fields, cut, moment, one_line

if TYPE_CHECKING:
    from boards.importers.trello.facts import Facts

LINKS = ("http://", "https://")


class Cards:
    def __init__(self, facts: "Facts") -> None:
        self.facts = facts
        self.tally = facts.tally

    def take(self, fields: Fields, ident: str, skipped: set[str]) -> None:
        if "idList" not in fields.raw and "idBoard" not in fields.raw:
            self.tally.lose("tickets", "item_unreadable")
            return
        row = self._row(fields, ident)
        if not self._add("cards", *row):
            self.tally.lose("tickets", "repeated")
            return
        if "email" in skipped:
            self.tally.lose("mail_in_addresses", "secret")
        self._labels(fields, ident)
        for place, person in enumerate(fields.idents("idMembers")):
            self._add("card_people", ident, person, place)
        for raw in fields.objects("attachments"):
            self._attachment(Fields(raw, "attachments", self.tally), ident)
        for raw in fields.objects("checklists"):
            checklist = Fields(raw, "checklists", self.tally)
            if key := checklist.ident("id"):
                self.facts.checklist(checklist, key, ident)
        for raw in fields.objects("customFieldItems"):
            self._custom_value(raw, ident)
        self._losses(fields)

    def _add(self, table: str, *row: Any) -> bool:
        return self.facts.scratch.add(table, self.facts.n, *row)

    def _row(self, fields: Fields, ident: str) -> tuple[Any, ...]:
        full, title = fields.text("name").strip(), fields.line("name")
        description = fields.text("desc").strip()
        if "\n" in full:
            self.tally.change("tickets", "title_joined")
        if len(title) > TITLE_MAX:
            self.tally.change("tickets", "title_cut")
            description = f"{full}\n\n{description}".strip()
        times = [fields.moment(key) for key in ("dateClosed", "due", "start", "dateLastActivity")]
        shut, due, start, active = [at and at.isoformat() for at in times]
        if due or start:
            self.tally.change("dates", "time_dropped")
        badges = Fields(fields.mapping("badges"), "tickets", self.tally)
        return (
            ident,
            fields.ident("idList"),
            fields.whole("idShort"),
            cut(title, TITLE_MAX),
            description,
            fields.number("pos"),
            int(fields.flag("closed")),
            shut,
            due,
            start,
            None,
            active,
            fields.ident("idMemberCreator"),
            badges.whole("comments") or 0,
        )

    def _labels(self, fields: Fields, ident: str) -> None:
        """Boards before 2015 know labels only as the name and colour a card repeats."""
        found: list[str] = []
        raw_labels = fields.raw.get("labels")
        for raw in raw_labels if isinstance(raw_labels, list) else []:
            if not isinstance(raw, dict):
                continue
            label = Fields(raw, "labels", self.tally)
            name, tint = label.line("name"), label.text("color")
            key = label.ident("id") or f"{tint}:{name}"[:64]
            self.facts.label(key, name, tint, of_board=False)
            found.append(key)
        listed = fields.idents("idLabels")
        if len(found) < len(listed):
            found += [key for key in listed if key not in found]
        for place, key in enumerate(found):
            self._add("card_labels", ident, key, place)

    def _attachment(self, fields: Fields, ident: str) -> None:
        key, url = fields.ident("id"), fields.text("url").strip()
        name = fields.line("name") or one_line(url)
        if not key:
            self.tally.lose("attachments", "no_id")
        elif not url.lower().startswith(LINKS):
            # `javascript:` and the like must not become something to click.
            self.tally.change("attachments", "address_as_text")
            self._add("notes", ident, f"`{name}` `{one_line(url)}`")
        else:
            if len(name) > TITLE_MAX:
                self.tally.change("attachments", "name_cut")
            at = fields.moment("date")
            upload = (fields.line("fileName") or name) if fields.flag("isUpload") else ""
            mime = fields.line("mimeType")[:NAME_MAX]
            row = (cut(name, TITLE_MAX), url, mime, upload, fields.number("pos"), at and at.isoformat())
            if not self._add("attachments", key, ident, *row, fields.ident("idMember")):
                self.tally.lose("attachments", "repeated")

    def _custom_value(self, raw: dict[str, Any], ident: str) -> None:
        fields = Fields(raw, "custom_fields", self.tally)
        value = fields.raw.get("value")
        text = ""
        if isinstance(value, dict):
            held = Fields(value, "custom_fields", self.tally)
            if when := moment(value.get("date")):
                text = when.isoformat().replace("+00:00", "Z")
            elif "checked" in value:
                text = _("yes") if value["checked"] in ("true", True) else _("no")
            else:
                text = held.text("text") or held.text("number") or held.text("date")
        elif value is not None:
            text = fields.text("value")
        option = fields.ident("idValue")
        if text or option:
            self._add("field_values", ident, fields.ident("idCustomField"), one_line(text), option)

    def _losses(self, fields: Fields) -> None:
        raw = fields.raw
        cover, votes = raw.get("cover"), raw.get("idMembersVoted")
        covered = isinstance(cover, dict) and any(
            cover.get(key) for key in ("idAttachment", "color", "idUploadedBackground", "idPlugin")
        )
        lost = {
            ("due_complete", "no_place"): raw.get("dueComplete") is True,
            ("covers", "not_kept"): covered or bool(raw.get("idAttachmentCover")),
            ("votes", "not_kept"): len(votes) if isinstance(votes, list) else 0,
            ("stickers", "not_kept"): _length(raw.get("stickers")),
            ("power_up_data", "not_kept"): _length(raw.get("pluginData")),
            ("locations", "not_kept"): bool(raw.get("coordinates") or raw.get("address") or raw.get("locationName")),
            ("repeats", "not_kept"): bool(raw.get("recurrenceRule")),
            ("reminders", "not_kept"): bool(fields.whole("dueReminder")) and bool(raw.get("due")),
        }
        for (kind, code), count in lost.items():
            self.tally.lose(kind, code, int(count))
        if raw.get("isTemplate") is True:
            self.tally.change("templates", "as_ticket")
        if raw.get("mirrorSourceId"):
            self.tally.change("mirrors", "as_ticket")


def _length(value: object) -> int:
    return len(value) if isinstance(value, list) else 0
