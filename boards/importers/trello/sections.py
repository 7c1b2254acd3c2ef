"""Finds a Trello export's parts in a stream of events: boards, their plain values, and the items of their lists."""

from typing import Any, Protocol

from boards.importers.json_stream import CLOSES, OPENS, Builder

# `email` is the card's mail-in address: whoever has it can write to the card. None of these gets further than here.
SECRETS = frozenset({"email", "sourceEmail", "emailKey", "calendarKey"})
HEAVY = frozenset({"limits", "previews", "descData", "textData", "nameData", "prefs", "edgeColor", "plugin", "bio"})
SKIP = SECRETS | HEAVY
ACTION = frozenset({"id", "type", "date", "data", "idMemberCreator", "memberCreator"})
SECTIONS = {
    "lists": None,
    "cards": None,
    "labels": None,
    "members": None,
    "checklists": None,
    "customFields": None,
    "actions": ACTION,
    "pluginData": frozenset({"id"}),
}
SCALARS = frozenset({"id", "name", "desc", "closed", "shortLink", "dateClosed", "_id"})
MAPS = {"labelNames": None, "prefs": frozenset({"permissionLevel"})}


class Sink(Protocol):
    def board_begins(self) -> None: ...
    def section_begins(self, section: str) -> None: ...
    def scalar(self, key: str, value: Any) -> None: ...
    def item(self, section: str, value: Any, skipped: set[str]) -> None: ...
    def misshapen(self, section: str) -> None: ...
    def board_ends(self) -> None: ...


class Sections:
    """Takes events and tells the sink what they add up to. `section` and `count` say where it stands."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.section = ""
        self.count = 0
        self.boards = 0
        self.strangers = 0
        self.is_over = False
        self._in_board = False
        self._in_list = False
        self._key = ""
        self._skip = 0
        self._builder: Builder | None = None

    def feed(self, event: str, value: Any) -> None:
        if self._builder:
            self._build(event, value)
        elif self._skip:
            self._skip += (event in OPENS) - (event in CLOSES)
        elif self.section:
            self._in_section(event, value)
        elif self._in_board:
            self._on_board(event, value)
        else:
            self._at_root(event)

    def finish(self) -> None:
        """No more events will come; a board that has begun ends here."""
        if self._in_board:
            self._in_board = False
            self.is_over = not self._in_list
            self.sink.board_ends()

    def _at_root(self, event: str) -> None:
        if event == "start_map":
            self._in_board = True
            self.boards += 1
            self.sink.board_begins()
        elif event == "start_array" and not self._in_list:
            self._in_list = True
        elif event in CLOSES:
            self.is_over = True
        else:
            self.strangers += 1
            self._skip = int(event in OPENS)

    def _on_board(self, event: str, value: Any) -> None:
        if event == "map_key":
            self._key = value
        elif event == "end_map":
            self.finish()
        elif event == "start_array" and self._key in SECTIONS:
            self.section, self.count = self._key, 0
            self.sink.section_begins(self._key)
        elif event == "start_map" and self._key in MAPS:
            self._begin(event, value, MAPS[self._key])
        else:
            if self._key in SECTIONS and event != "null":
                self.sink.misshapen(self._key)
            elif self._key in SCALARS and event not in OPENS:
                self.sink.scalar(self._key, value)
            self._skip = int(event in OPENS)

    def _in_section(self, event: str, value: Any) -> None:
        if event == "end_array":
            self.section = ""
        else:
            self._begin(event, value, SECTIONS[self.section])

    def _begin(self, event: str, value: Any, keep: frozenset[str] | None) -> None:
        self._builder = Builder(keep=keep, skip=SKIP)
        self._build(event, value)

    def _build(self, event: str, value: Any) -> None:
        builder = self._builder
        assert builder is not None
        if builder.feed(event, value):
            self._builder = None
            self.count += 1
            self.sink.item(self.section or self._key, builder.value, builder.skipped)
