"""Trello's "Export as JSON", from 2014 to today."""

from collections.abc import Callable, Iterable

from boards.importers.draft import Draft
from boards.importers.json_stream import Broken, Utf8, events
from boards.importers.source import Document
from boards.importers.tally import Refused, Tally
from boards.importers.trello.boards import board
from boards.importers.trello.facts import KINDS, Facts
from boards.importers.trello.scratch import Scratch
from boards.importers.trello.sections import Sections
from boards.importers.trello.settle import settle

# More than a stray byte or two: the text is in another encoding, and every letter of it would be wrong.
MOST_REPLACED = 100
REPLACED_SHARE = 1000


def read(
    documents: Iterable[Document], scratch: Scratch, tally: Tally, *, progress: Callable[[int], None] | None = None
) -> Draft:
    """The documents' boards; raises `Refused` where not even one is a Trello board."""
    facts = Facts(scratch, tally)
    for document in documents:
        _load(document, facts, progress)
    known = [n for n in range(1, facts.n + 1) if _is_board(facts, n)]
    tally.lose("boards", "not_a_board", facts.n - len(known))
    if not known:
        raise _refusal(tally)
    for n in known:
        settle(scratch, n, tally, actions=facts.seen.get((n, "actions"), 0))
    return Draft("trello", tuple(board(scratch, n) for n in known))


def _load(document: Document, facts: Facts, progress: Callable[[int], None] | None) -> None:
    sections = Sections(facts)
    with document.open() as stream:
        text = Utf8(stream, progress=progress)
        try:
            for event, value in events(text):
                sections.feed(event, value)
        except Broken as broken:
            _note_break(document, facts.tally, sections, broken)
    sections.finish()
    facts.tally.lose("boards", "not_a_board", sections.strangers)
    if sections.boards and text.replaced > max(MOST_REPLACED, text.read // REPLACED_SHARE):
        raise Refused("encoding", file=document.name)
    facts.tally.change("text", "bytes_replaced", text.replaced)


def _note_break(document: Document, tally: Tally, sections: Sections, broken: Broken) -> None:
    code = "empty" if not broken.at else broken.code
    if broken.code == "invalid" and sections.is_over:
        code = "trailing"
    elif not sections.boards:
        code = "empty" if not broken.at else "not_json"
    part = KINDS.get(sections.section, "")
    tally.breaks.append({"code": code, "file": document.name, "at": broken.at, "part": part, "count": sections.count})


def _is_board(facts: Facts, n: int) -> bool:
    """A board has lists or cards that look like Trello's; one without any of them still has both arrays and an id."""
    if not facts.scratch.one("SELECT id FROM boards WHERE n = ?", n):
        return False
    lists, cards = (facts.scratch.one(f"SELECT count(*) FROM {table} WHERE n = ?", n) for table in ("lists", "cards"))  # noqa: S608
    if cards or facts.seen.get((n, "cards")):
        return bool(cards)
    return bool(lists) or facts.is_empty_board(n)


def _refusal(tally: Tally) -> Refused:
    for found in tally.breaks:
        if found["code"] != "trailing":
            return Refused(f"broken_{found['code']}", **{key: found[key] for key in ("file", "at")})
    return Refused("not_trello")
