"""JSON as a stream of events, however large, broken or deep the text is.

Works with ijson's C library and with its pure Python one, which differ in what they raise and in what they deliver of
the piece that broke: pieces are pushed in, so that all events before the break arrive.
"""

import codecs
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import ijson
from ijson.utils import sendable_list

Event = tuple[str, Any]
PIECE = 1 << 16
DEEPEST = 24
OPENS = frozenset({"start_map", "start_array"})
CLOSES = frozenset({"end_map", "end_array"})


class Broken(Exception):
    """The text stops being JSON: `code` is truncated or invalid, `at` the number of bytes read before."""

    def __init__(self, code: str, at: int) -> None:
        super().__init__(code, at)
        self.code = code
        self.at = at


class Utf8:
    """Bytes of a file as clean UTF-8 pieces: a byte order mark goes, UTF-16 is converted, what is no text is replaced.

    `replaced` counts the replacements, `read` the bytes taken from the file.
    """

    def __init__(self, stream: BinaryIO, *, progress: Callable[[int], None] | None = None) -> None:
        self._stream = stream
        self._progress = progress
        self.read = 0
        self.replaced = 0

    def pieces(self) -> Iterator[bytes]:
        piece = self._next()
        encoding = "utf-16" if piece[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        while True:
            text = decoder.decode(piece, final=not piece)
            if "\ufffd" in text:
                self.replaced += max(text.count("\ufffd") - piece.count(b"\xef\xbf\xbd"), 0)
            if text:
                yield text.encode("utf-8", errors="replace")
            if not piece:
                return
            piece = self._next()

    def _next(self) -> bytes:
        piece = self._stream.read(PIECE)
        self.read += len(piece)
        if self._progress and piece:
            self._progress(len(piece))
        return piece


def events(text: Utf8) -> Iterator[Event]:
    """The text's events one by one; raises `Broken` after the last good one."""
    pending: Any = sendable_list()
    parser = ijson.basic_parse_coro(pending)
    broken = None
    ended = False
    pieces = text.pieces()
    while broken is None and not ended:
        piece = next(pieces, b"")
        ended = not piece
        try:
            if ended:
                parser.close()
            else:
                parser.send(piece)
        except (ijson.JSONError, ValueError, ArithmeticError):
            broken = Broken("truncated" if ended else "invalid", text.read)
        yield from pending
        pending.clear()
    if broken is not None:
        raise broken


class Builder:
    """One value out of its events, without the keys nobody wants and not deeper than `DEEPEST`.

    `keep`, where given, names the keys wanted of the outermost map; `skip` those unwanted in any. Of a skipped key only
    the name is remembered, in `skipped`, never its value.
    """

    def __init__(self, *, keep: frozenset[str] | None = None, skip: frozenset[str] = frozenset()) -> None:
        self.value: Any = None
        self.skipped: set[str] = set()
        self._keep = keep
        self._skip = skip
        self._open: list[Any] = []
        self._key = ""
        self._dropping = False
        self._drop_depth = 0

    def feed(self, event: str, value: Any) -> bool:
        """Takes the next event; true when the value is complete."""
        if self._drop_depth:
            self._drop_depth += (event in OPENS) - (event in CLOSES)
        elif event == "map_key":
            self._key = value
            self._dropping = not self._wanted(value)
        elif event in CLOSES:
            self._open.pop()
            return not self._open
        elif self._dropping or len(self._open) >= DEEPEST:
            self._dropping = False
            self._drop_depth = int(event in OPENS)
            if value is not None and value != "":
                self.skipped.add(self._key)
        else:
            self._put(event, value)
            return not self._open
        return False

    def _wanted(self, key: str) -> bool:
        return key not in self._skip and (self._keep is None or len(self._open) > 1 or key in self._keep)

    def _put(self, event: str, value: Any) -> None:
        new = {} if event == "start_map" else [] if event == "start_array" else value
        if not self._open:
            self.value = new
        elif isinstance(self._open[-1], dict):
            self._open[-1][self._key] = new
        else:
            self._open[-1].append(new)
        if event in OPENS:
            self._open.append(new)
