"""Turns what a Trello export says into facts in the scratch database: one small row a thing, of the right types."""

from datetime import UTC, datetime, timedelta
from typing import Any

from boards.importers.draft import COMMENT_MAX, ITEM_MAX, NAME_MAX, TITLE_MAX
from boards.importers.tally import Tally
from boards.importers.trello.cards import Cards
from boards.importers.trello.scratch import Scratch
from boards.importers.trello.words import colour
from boards.importers.values import Fields, clean, cut, moment

COMMENTS = frozenset({"commentCard", "copyCommentCard"})
BIRTHS = frozenset({"createCard", "copyCard", "emailCard", "convertToCardFromCheckItem"})
KINDS = {
    "lists": "columns",
    "cards": "tickets",
    "members": "members",
    "labels": "labels",
    "checklists": "checklists",
    "customFields": "custom_fields",
    "actions": "history",
    "pluginData": "power_up_data",
}
CLOSING_SQL = "INSERT INTO closings VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)"


def born(ident: str, now: datetime) -> datetime | None:
    """The moment an id was given out: its first eight hexadecimal digits are seconds."""
    try:
        when = datetime.fromtimestamp(int(ident[:8], 16), UTC)
    except (ValueError, OverflowError):
        return None
    return when if len(ident) == 24 and datetime(2010, 1, 1, tzinfo=UTC) < when < now + timedelta(days=1) else None


class Facts:
    """The sink of `Sections`. `n` numbers the boards of a file."""

    def __init__(self, scratch: Scratch, tally: Tally) -> None:
        self.scratch = scratch
        self.tally = tally
        self.n = 0
        self.now = datetime.now(UTC)
        self.seen: dict[tuple[int, str], int] = {}
        self._arrays: set[tuple[int, str]] = set()
        self._board: dict[str, Any] = {}
        self._label_place = 0
        self._cards = Cards(self)

    def board_begins(self) -> None:
        self.n += 1
        self._board = {}

    def section_begins(self, section: str) -> None:
        self._arrays.add((self.n, section))

    def is_empty_board(self, n: int) -> bool:
        return {(n, "lists"), (n, "cards")} <= self._arrays

    def scalar(self, key: str, value: Any) -> None:
        self._board[key] = value

    def misshapen(self, section: str) -> None:
        self.tally.lose(KINDS[section], "part_unreadable")

    def board_ends(self) -> None:
        fields = Fields(self._board, "boards", self.tally)
        name = fields.line("name")
        ident = "" if "_id" in self._board else fields.ident("id") or fields.ident("shortLink") or name[:64]
        self.scratch.add("boards", self.n, ident, cut(name, NAME_MAX), fields.text("desc"), int(fields.flag("closed")))

    def item(self, section: str, value: Any, skipped: set[str]) -> None:
        self.seen[self.n, section] = self.seen.get((self.n, section), 0) + 1
        if section == "labelNames":
            self._label_names(value)
            return
        if section == "prefs":
            self.tally.change("boards", "was_private", int(value.get("permissionLevel") == "private"))
            return
        kind = KINDS[section]
        if not isinstance(value, dict):
            self.tally.lose(kind, "item_unreadable")
            return
        fields = Fields(value, kind, self.tally)
        ident = fields.ident("id")
        if not ident:
            self.tally.lose(kind, "no_id")
        elif section == "cards":
            self._cards.take(fields, ident, skipped)
        else:
            HANDLERS[section](self, fields, ident)

    def label(self, ident: str, name: str, tint: str, *, of_board: bool) -> None:
        self._label_place += 1
        if len(name) > NAME_MAX:
            self.tally.change("labels", "name_cut")
        row = (self.n, ident, cut(name, NAME_MAX), colour(tint), int(of_board), self._label_place)
        if of_board:
            self.scratch.run("DELETE FROM labels WHERE n = ? AND id = ?", self.n, ident)
        self.scratch.add("labels", *row)

    def checklist(self, fields: Fields, ident: str, card: str) -> None:
        name = fields.line("name")
        if not self.scratch.add("checklists", self.n, ident, card, cut(name, TITLE_MAX), fields.number("pos")):
            return
        for raw in fields.objects("checkItems"):
            item = Fields(raw, "checklist_items", self.tally)
            if not (key := item.ident("id")):
                self.tally.lose("checklist_items", "no_id")
                continue
            text = item.line("name")
            if len(text) > ITEM_MAX:
                self.tally.change("checklist_items", "item_cut")
                self.scratch.add("notes", self.n, card, text)
            due = item.moment("due")
            done = int(item.text("state") == "complete")
            row = (cut(text, ITEM_MAX), item.number("pos"), done, due and due.isoformat(), item.ident("idMember"))
            self.scratch.add("items", self.n, key, ident, *row)

    def _lists(self, fields: Fields, ident: str) -> None:
        name = fields.line("name")
        if len(name) > NAME_MAX:
            self.tally.change("columns", "name_cut")
        closed = int(fields.flag("closed"))
        shut = fields.moment("dateClosed")
        row = (cut(name, NAME_MAX), fields.number("pos"), closed, shut and shut.isoformat(), fields.whole("softLimit"))
        tint = fields.raw.get("color")
        added = self.scratch.add("lists", self.n, ident, *row, colour(tint) if isinstance(tint, str) else "gray")
        if not added:
            self.tally.lose("columns", "repeated")

    def _labels(self, fields: Fields, ident: str) -> None:
        self.label(ident, fields.line("name"), fields.text("color"), of_board=True)

    def _label_names(self, value: Any) -> None:
        """Boards before 2015 name their labels here, one a colour."""
        for tint, name in value.items():
            if isinstance(name, str) and name.strip():
                self.scratch.add("label_names", self.n, tint, " ".join(clean(name).split()))

    def _members(self, fields: Fields, ident: str) -> None:
        self.scratch.run("DELETE FROM people WHERE n = ? AND id = ?", self.n, ident)
        self._person(fields, ident, former=False)

    def _person(self, fields: Fields, ident: str, *, former: bool) -> None:
        name = fields.line("fullName") or fields.line("username")
        self.scratch.add("people", self.n, ident, cut(name, NAME_MAX), int(former))

    def _checklists(self, fields: Fields, ident: str) -> None:
        self.checklist(fields, ident, fields.ident("idCard"))

    def _custom_fields(self, fields: Fields, ident: str) -> None:
        self.scratch.add("fields", self.n, ident, fields.line("name"), fields.number("pos"))
        for raw in fields.objects("options"):
            option = Fields(raw, "custom_fields", self.tally)
            text = Fields(option.mapping("value"), "custom_fields", self.tally).line("text")
            self.scratch.add("options", self.n, option.ident("id"), text)

    def _power_up_data(self, fields: Fields, ident: str) -> None:
        self.tally.lose("power_up_data", "not_kept")

    def _actions(self, fields: Fields, ident: str) -> None:
        what = fields.text("type")
        data = Fields(fields.mapping("data"), "history", self.tally)
        at = fields.moment("date") or born(ident, self.now)
        person = fields.ident("idMemberCreator")
        creator = fields.raw.get("memberCreator")
        if isinstance(creator, dict):
            author = Fields(creator, "members", self.tally)
            person = person or author.ident("id")
            self._person(author, person, former=True)
        self._remember_lists(data)
        raw_card = data.raw.get("card")
        card = raw_card.get("id") if isinstance(raw_card, dict) else None
        if not isinstance(card, str):
            card = ""
        if what in COMMENTS:
            self._comment(data, ident, card, person, at)
        elif what == "updateCard":
            self._moved_or_closed(data, ident, card, person, at)
        elif what in BIRTHS and at:
            self.scratch.add("births", self.n, card, at.isoformat(), person)
        elif what == "updateList" and at and _closes(data, "list"):
            self._closing(data.mapping("list").get("id"), at)

    def _remember_lists(self, data: Fields) -> None:
        for key in ("list", "listAfter", "listBefore"):
            raw = data.raw.get(key)
            if isinstance(raw, dict) and isinstance(raw.get("id"), str) and isinstance(raw.get("name"), str):
                self.scratch.add("seen_lists", self.n, raw["id"], cut(" ".join(clean(raw["name"]).split()), NAME_MAX))

    def _comment(self, data: Fields, ident: str, card: str, person: str, at: datetime | None) -> None:
        text = data.text("text").strip()
        if not text:
            self.tally.lose("comments", "empty")
            return
        if len(text) > COMMENT_MAX:
            self.tally.change("comments", "text_cut")
        edited = moment(data.raw.get("dateLastEdited"))
        row = (cut(text, COMMENT_MAX), (at or self.now).isoformat(), edited and edited.isoformat())
        if not self.scratch.add("comments", self.n, ident, card, person, *row):
            self.tally.lose("comments", "repeated")

    def _moved_or_closed(self, data: Fields, ident: str, card: str, person: str, at: datetime | None) -> None:
        before, after = data.raw.get("listBefore"), data.raw.get("listAfter")
        if isinstance(before, dict) and isinstance(after, dict):
            if at:
                lists = (str(before.get("id", "")), str(after.get("id", "")))
                self.scratch.add("moves", self.n, ident, card, *lists, at.isoformat(), person)
            else:
                self.tally.lose("moves", "no_date")
        elif at and _closes(data, "card"):
            self._closing(card, at)

    def _closing(self, ident: object, at: datetime) -> None:
        if isinstance(ident, str):
            self.scratch.run(CLOSING_SQL, self.n, ident, at.isoformat())


def _closes(data: Fields, key: str) -> bool:
    old, new = data.raw.get("old"), data.raw.get(key)
    return isinstance(old, dict) and isinstance(new, dict) and old.get("closed") is False and new.get("closed") is True


HANDLERS = {
    "lists": Facts._lists,
    "labels": Facts._labels,
    "members": Facts._members,
    "checklists": Facts._checklists,
    "customFields": Facts._custom_fields,
    "actions": Facts._actions,
    "pluginData": Facts._power_up_data,
}
