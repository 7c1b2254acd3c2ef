"""What must not leave the process in a log line, a span or an error report: secrets, and who somebody is.

Values are judged by the name they stand under and by their look. Tika's own code logs ids, never content; this is for
what comes along: a message of the database, a header in an error, an address in a URL.
"""

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

HIDDEN = "[redacted]"
# No more of one text is looked at or kept.
LONGEST = 32_768
LONGEST_REMEMBERED = 4096
DEEPEST = 8
NAMES = (
    r"pass(?:word|wd|phrase|code)|pwd|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credential"
    r"|session(?:id|_key)|csrf|signature|dsn|cvc|cvv"
)
PEOPLE = r"authorization|cookie|e[_-]?mail|card[_-]?number|^ip$|ip_address|user_agent|phone"
SECRET_NAME = re.compile(rf"{NAMES}|{PEOPLE}", re.IGNORECASE)
# Of the environment: where the process stands.
NO_SECRETS = {"PWD", "OLDPWD"}
# Says which row, not what is in it.
HARMLESS_NAME = re.compile(r"(?:_id|_count|_at)$")
# `password`, `"db_password"`, `\"password\"`, with what stands between it and the value.
NAMED = rf"(?:{NAMES})[\w-]{{0,40}}\\?[\"']?\s{{0,8}}"
QUOTED = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
KEY_PREFIXES = r"gh[pousr]_|github_pat_|glpat-|xox[a-z]-|sk-|sk_live_|rk_live_|AKIA|ASIA|AIza|ya29\."
ADDRESS = r"(?:\"[^\"\s]{1,64}\"|[\w.!#$%&'*+/=?^`{|}~-]{1,64})@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}"


def rule(pattern: str, instead: str = HIDDEN) -> tuple[re.Pattern[str], str]:
    return re.compile(pattern, re.IGNORECASE), instead


RULES = (
    rule(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:.|\n)*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)"),
    # What PostgreSQL quotes of a row it refuses.
    rule(r"(Failing row contains ).*", rf"\1{HIDDEN}"),
    rule(r"(Key \([^)]{0,200}\)=\().*(\) (?:already|is not|is still|conflicts))", rf"\1{HIDDEN}\2"),
    rule(r"((?:set-)?cookie|(?:proxy-)?authorization)(\\?[\"']?\s{0,8}[:=,]\s{0,8})[^\r\n]+", rf"\1\2{HIDDEN}"),
    rule(rf"({NAMED}[:=]>?\s{{0,8}})(?:{QUOTED})", rf"\1{HIDDEN}"),
    rule(rf"({NAMED}=>?\s{{0,8}})(?!\[redacted)[^\s&]+", rf"\1{HIDDEN}"),
    rule(rf"({NAMED}:\s{{0,8}})(?!\[redacted)[^\r\n]+", rf"\1{HIDDEN}"),
    rule(r"\b([a-z][a-z0-9+.-]{1,20}://)[^\s\"'<>]*@", rf"\1{HIDDEN}@"),
    rule(r"\b(bearer|basic|digest|token)\s+[\w.~+/=:-]{6,}", rf"\1 {HIDDEN}"),
    rule(r"tika_[a-z]{2,12}_[\w-]+"),
    rule(r"\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?"),
    rule(rf"\b(?:{KEY_PREFIXES})[\w.-]{{8,}}"),
    rule(ADDRESS, "[email]"),
    # Korean resident numbers and mobile phones.
    rule(r"(?<![\w-])\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-?[1-8]\d{6}(?![\w-])"),
    rule(r"(?<![\w.-])(?:\+82[ -]?|0)1[016-9][ -]?\d{3,4}[ -]?\d{4}(?![\w-])"),
    rule(r"\bip=[0-9a-f.:]+", f"ip={HIDDEN}"),
)
CARD = re.compile(r"(?<![\w.-])[2-6]\d(?:[ -]?\d){11,17}(?![\w-])")
# Without one of these no rule above has anything to find.
SUSPICIOUS = re.compile(
    rf"[@=]|://|\d{{6}}|\d[ -]\d|-----|eyJ|row contains|{NAMES}|cookie|authori|bearer|basic |digest |[a-z]_|[a-z]{{2}}-"
    r"|AKIA|ASIA|AIza|ya29",
    re.IGNORECASE,
)
known: "re.Pattern[str] | None" = None


def redact(text: str) -> str:
    """`text` without what looks like a secret or a person, cut at LONGEST characters."""
    if len(text) > LONGEST:
        text = text[:LONGEST]
    if known is not None:
        text = known.sub(HIDDEN, text)
    if SUSPICIOUS.search(text):
        for pattern, instead in RULES:
            text = pattern.sub(instead, text)
        text = CARD.sub(hide_card, text)
    return text


remembered = lru_cache(maxsize=1024)(redact)


def redact_known(text: str) -> str:
    """`redact` for what is told again and again: events, statements, routes. What is long is not remembered."""
    return remembered(text) if len(text) <= LONGEST_REMEMBERED else redact(text)


def hide_card(found: "re.Match[str]") -> str:
    digits = [int(character) for character in found[0] if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return HIDDEN if (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 else found[0]


def scrub(value: Any, *, depth: int = 0) -> Any:
    """The same shape with texts redacted; what stands under a secret's name is hidden whole."""
    if isinstance(value, str):
        return redact(value)
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**12 else redact_number(value)
    if depth >= DEEPEST:
        return HIDDEN
    if isinstance(value, Mapping):
        return {
            redact(str(name)): HIDDEN if is_secret(str(name)) else scrub(item, depth=depth + 1)
            for name, item in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [scrub(item, depth=depth + 1) for item in value]
    return redact(value.decode(errors="replace") if isinstance(value, bytes) else str(value))


def redact_number(value: int) -> Any:
    return value if redact(str(value)) == str(value) else HIDDEN


def is_secret(name: str) -> bool:
    return SECRET_NAME.search(name) is not None and HARMLESS_NAME.search(name) is None


def learn_secrets(environ: Mapping[str, str] = os.environ) -> None:
    """What this process was given under a secret's name is hidden wherever it turns up."""
    global known
    found: set[str] = set()
    for name, value in environ.items():
        if name in NO_SECRETS:
            continue
        if is_secret(name) or name.endswith(("_KEY", "_PASS")):
            found.add(value)
        elif "://" in value:
            password = password_of(value)
            found |= {password, unquote(password)}
    texts = sorted((text for text in found if len(text) >= 8), key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, texts))) if texts else None
    remembered.cache_clear()


def password_of(address: str) -> str:
    try:
        return urlsplit(address).password or ""
    except ValueError:
        return ""
