"""Markdown to HTML that is safe to show. No raw HTML is let in, and the result is sanitised once more.

Beside CommonMark: tables, strikethrough, line breaks where they were typed, bare addresses, task lists, and @names of
the workspace's people. Pictures are only shown when they are attachments; others become links, so that opening a ticket
tells no foreign server who reads it.
"""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# Longer texts are shown as they are: some inputs cost the square of their length.
LONGEST = 100_000
KEPT_BYTES = 16 * 1024 * 1024
ADDRESS = re.compile(r"https?://[^\s<>\"'`]*[^\s<>\"'`.,;:!?)\]}]", re.IGNORECASE)
OWN_PICTURE = re.compile(r"/[a-z0-9-]{1,50}/api/attachments/[0-9a-f-]{36}/content")
TASK = re.compile(r"\[([ xX])\]\s+")
ALIGNED = re.compile(r"text-align:(left|center|right)")
HARMLESS = "noopener noreferrer nofollow"
INLINE = {"a", "br", "code", "del", "em", "img", "input", "label", "s", "span", "strong"}
BLOCKS = {"blockquote", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
TABLES = {"table", "tbody", "td", "th", "thead", "tr"}
ATTRIBUTES = {
    "a": {"href", "title", "target"},
    "img": {"src", "alt", "title", "loading"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}


def render(text: str, names: Sequence[str] = ()) -> SafeString:
    """`names` are those of the people an @ may call."""
    people = tuple(names) if "@" in text else ()
    key = hashlib.sha256("\x00".join([text, *people]).encode("utf-8", "surrogatepass")).digest()
    html = kept.get(key)
    if html is None:
        html = convert(text, people)
        kept.put(key, html)
    return mark_safe(html)  # noqa: S308 - sanitised by `convert`


def convert(text: str, names: tuple[str, ...]) -> str:
    if len(text) > LONGEST:
        return f"<pre>{escape(text)}</pre>"
    html = parser.render(text, {"names": names})
    return nh3.clean(
        html,
        tags=INLINE | BLOCKS | TABLES,
        attributes=ATTRIBUTES,
        allowed_classes={"span": {"mention"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=HARMLESS,
    )


class Kept:
    """The latest results, by digest of what they were made of."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.used = 0
        self.lock = threading.Lock()
        self.results: OrderedDict[bytes, str] = OrderedDict()

    def get(self, key: bytes) -> str | None:
        with self.lock:
            if key in self.results:
                self.results.move_to_end(key)
            return self.results.get(key)

    def put(self, key: bytes, html: str) -> None:
        with self.lock:
            self.used += len(html) - len(self.results.pop(key, ""))
            self.results[key] = html
            while self.used > self.most_bytes:
                self.used -= len(self.results.popitem(last=False)[1])


def each_text(state: StateCore) -> Iterator[tuple[Token, int]]:
    """Blocks of inline text, each with its place among the blocks."""
    for place, token in enumerate(state.tokens):
        if token.type == "inline" and token.children:
            yield token, place


def link_addresses(state: StateCore) -> None:
    for block, _place in each_text(state):
        block.children = list(outside_links(block.children or [], linked))


def call_names(state: StateCore) -> None:
    names = state.env.get("names", ())
    if not names:
        return
    pattern = pattern_of(names)
    for block, _place in each_text(state):
        block.children = list(outside_links(block.children or [], lambda token: called(token, pattern)))


def outside_links(tokens: list[Token], split: Any) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and depth == 0:
            yield from split(token)
        else:
            yield token


def linked(token: Token) -> Iterator[Token]:
    end = 0
    for match in ADDRESS.finditer(token.content):
        yield text_token(token.content[end : match.start()])
        yield Token("link_open", "a", 1, attrs={"href": match[0], "target": "_blank"})
        yield text_token(match[0])
        yield Token("link_close", "a", -1)
        end = match.end()
    yield text_token(token.content[end:])


@lru_cache(maxsize=256)
def pattern_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """The longest name first, as `boards.verbs.comments.mentioned` reads them."""
    known = "|".join(re.escape(name) for name in sorted(filter(None, names), key=len, reverse=True))
    return re.compile(rf"(?<![\w@])@(?:{known})", re.IGNORECASE)


def called(token: Token, pattern: re.Pattern[str]) -> Iterator[Token]:
    end = 0
    for match in pattern.finditer(token.content):
        yield text_token(token.content[end : match.start()])
        yield html_token(f'<span class="mention">{escape(match[0])}</span>')
        end = match.end()
    yield text_token(token.content[end:])


def tick_tasks(state: StateCore) -> None:
    """`- [x] done` is a ticked box; its text is the box's label."""
    for block, place in each_text(state):
        children = block.children or []
        first = children[0]
        match = TASK.match(first.content) if first.type == "text" else None
        if match is None or place < 2 or state.tokens[place - 2].type != "list_item_open":
            continue
        ticked = " checked" if match[1] in "xX" else ""
        first.content = first.content[match.end() :]
        box = html_token(f'<label><input type="checkbox" disabled{ticked}> ')
        block.children = [box, *children, html_token("</label>")]


def align_cells(state: StateCore) -> None:
    """As an attribute: a style would be inline style, which no page of ours may have."""
    for token in state.tokens:
        if token.type in {"td_open", "th_open"} and (match := ALIGNED.search(str(token.attrs.pop("style", "")))):
            token.attrs["align"] = match[1]


def lower_headings(state: StateCore) -> None:
    """The page's own headings stay above those in a text."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 3)}"


def text_token(content: str) -> Token:
    return Token("text", "", 0, content=content)


def html_token(content: str) -> Token:
    return Token("html_inline", "", 0, content=content)


def picture(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    token = tokens[place]
    address = str(token.attrs.get("src", ""))
    words = self.renderInlineAsText(token.children or [], options, env)
    if OWN_PICTURE.fullmatch(address):
        return f'<img src="{escape(address)}" alt="{escape(words)}" loading="lazy">'
    return f'<a href="{escape(address)}" target="_blank">{escape(words or address)}</a>'


def link_open(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    token = tokens[place]
    address = str(token.attrs.get("href", ""))
    if address.startswith("//") or not address.startswith(("/", "#")):
        token.attrs["target"] = "_blank"
    return self.renderToken(tokens, place, options, env)


def make_parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    for rule in (link_addresses, call_names, tick_tasks, align_cells, lower_headings):
        made.core.ruler.push(rule.__name__, rule)
    made.add_render_rule("image", picture)
    made.add_render_rule("link_open", link_open)
    return made


parser = make_parser()
kept = Kept(KEPT_BYTES)
