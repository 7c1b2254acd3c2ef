"""A page as its reader meets it: the texts between the tags and in the attributes that are shown or spoken."""

import re
from html.parser import HTMLParser

SILENT = {"script", "style", "code", "kbd"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "rect", "source", "wbr"}
SPOKEN = {"aria-label", "title", "placeholder", "alt", "label"}
SPOKEN_LATER = {"data-confirm", "data-said", "data-ask", "data-broken", "data-copied"}
ADDRESS = re.compile(r"\S+@\S+|https?://\S+|/\S+/|\S+\.json")
WORD = re.compile(r"[A-Za-z]{2,}")
# Names, and what stands on keys; "English" is how that language calls itself.
NAMES = {"Tika", "Trello", "API", "JSON", "ZIP", "UTC", "WIP", "OPS", "JavaScript", "Markdown", "Esc", "English"}
NAMES |= {"ID", "KB", "MB", "GB", "Enter", "SLA", "SLO", "SQL", "ms", "PostgreSQL", "PgBouncer"}


class Reader(HTMLParser):
    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.texts: list[str] = []
        self.open: list[bool] = []  # for each open element: is its text silent?

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        foreign = given.get("lang", self.language) != self.language
        code = tag in SILENT or "mono" in given.get("class", "").split()
        zone = tag == "option" and "/" in given.get("value", "")  # cities are called as in the time zone database
        silent = foreign or code or zone or any(self.open)
        if not silent:
            self.texts += [value for name, value in given.items() if name in SPOKEN | SPOKEN_LATER]
        if tag not in VOID:
            self.open.append(silent)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.open):
            self.texts.append(data)


def english_in(page: str) -> list[str]:
    """The texts of a Korean page that hold a word of another language."""
    reader = Reader("ko")
    reader.feed(page)
    texts = (" ".join(text.split()) for text in reader.texts)
    return [text for text in texts if set(WORD.findall(ADDRESS.sub("", text))) - NAMES]
