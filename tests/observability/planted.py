"""Secrets and personal data in the places where they turn up: a thousand, the same on every machine."""

import json
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LETTERS = string.ascii_letters + string.digits
ODD = LETTERS + "!#$%^*+-_.~"


@dataclass(frozen=True)
class Planted:
    """`secret` must not be found wherever `text` is told."""

    kind: str
    secret: str
    text: str


def word(source: random.Random, size: int, of: str = LETTERS) -> str:
    return "".join(source.choice(of) for _ in range(size))


def email(source: random.Random) -> tuple[str, list[str]]:
    name = source.choice([word(source, 6), f"{word(source, 3)}.{word(source, 5)}", f"{word(source, 4)}+tag", "홍길동"])
    made = f"{name}@{word(source, 7).lower()}.{source.choice(['com', 'co.kr', 'example', 'io'])}"
    return made, ["no account for {}", "<{}> was refused", "Key (email)=({}) already exists.", "user={},age=3", '"{}"']


def token(source: random.Random) -> tuple[str, list[str]]:
    made = f"tika_{source.choice(['pat', 'inv'])}_{word(source, 43, LETTERS + '-_')}"
    return made, ["{}", "Authorization: Bearer {}", "/api/tickets?access={}", "('authorization', '{}')", "got {}!"]


def foreign_token(source: random.Random) -> tuple[str, list[str]]:
    made = source.choice(["ghp_", "glpat-", "xoxb-", "sk-", "AKIA"]) + word(source, 24)
    return made, ["{}", "webhook said {}", "Bearer {}", "token={}&x=1"]


def password(source: random.Random) -> tuple[str, list[str]]:
    made = word(source, source.randint(8, 24), ODD) + "9"
    quoted = json.dumps({"email": "x", "password": made}).replace("{", "{{").replace("}", "}}").replace(made, "{}")
    return made, [
        "password={}",
        "password: {}",
        quoted,
        "{{'new_password1': '{}'}}",
        "PGPASSWORD={} psql",
        "pwd = '{}'",
    ]


def dsn(source: random.Random) -> tuple[str, list[str]]:
    made = word(source, 16, LETTERS + "!$*_~-")
    return made, [
        "postgres://tika:{}@db.internal:5432/tika",
        "cannot reach https://{}@sentry.example/4",
        "smtp://me:{}@h",
    ]


def card(source: random.Random) -> tuple[str, list[str]]:
    digits = [4, *(source.randint(0, 9) for _ in range(14))]
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    digits.append(-sum(doubled) % 10)
    plain = "".join(map(str, digits))
    parts = [plain[place : place + 4] for place in range(0, 16, 4)]
    return source.choice([plain, " ".join(parts), "-".join(parts)]), ["paid with {}", "card {} declined", "[{}]"]


def cookie(source: random.Random) -> tuple[str, list[str]]:
    made = word(source, 32, string.ascii_lowercase + string.digits)
    return made, ["Cookie: a=b; sessionid={}", "Set-Cookie: sessionid={}; Path=/", "sessionid={}", "csrftoken={}"]


def basic(source: random.Random) -> tuple[str, list[str]]:
    made = word(source, 28, LETTERS + "+/")
    return made, ["Authorization: Basic {}", "Basic {}", "'HTTP_AUTHORIZATION': 'Basic {}'", "Proxy-Authorization: {}"]


def jwt(source: random.Random) -> tuple[str, list[str]]:
    made = f"eyJ{word(source, 20)}.{word(source, 40, LETTERS + '-_')}.{word(source, 43, LETTERS + '-_')}"
    return made, ["{}", "id_token={}", "got {} back"]


KINDS: tuple[Callable[[random.Random], tuple[str, list[str]]], ...] = (
    email,
    token,
    foreign_token,
    password,
    dsn,
    card,
    cookie,
    basic,
    jwt,
)


def planted(count: int = 1000) -> Iterator[Planted]:
    source = random.Random(20)
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        secret, places = kind(source)
        yield Planted(kind.__name__, secret, source.choice(places).format(secret))
