"""What the scripts say: every sentence they ask for is there, in English and in Korean."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = [*(ROOT / "boards/static/boards/js").rglob("*.js"), *(ROOT / "tika/static/js").rglob("*.js")]
MESSAGES = ROOT / "boards/static/boards/js/messages"
ENTRY = re.compile(r'^  (\w+): (?:"([^"\n]*)"|\{(.*?)\}),$', re.MULTILINE | re.DOTALL)
HANGUL = re.compile("[가-힣]")
# Korean has nothing of its own to say here.
SAME_IN_BOTH: set[str] = set()


def entries(language: str) -> dict[str, str]:
    found = ENTRY.findall((MESSAGES / f"{language}.js").read_text())
    return {name: text or forms for name, text, forms in found}


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_both_languages_say_the_same_things() -> None:
    english, korean = entries("en"), entries("ko")
    assert len(english) > 100
    assert english.keys() == korean.keys()
    differ = [name for name, text in english.items() if blanks(text) != blanks(korean[name])]
    assert differ == []


def test_korean_is_korean() -> None:
    assert [name for name, text in entries("ko").items() if not HANGUL.search(text)] == sorted(SAME_IN_BOTH)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_sentence_asked_for_is_there(script: Path) -> None:
    known = entries("en")
    asked = re.findall(r'\bt\(\s*"(\w+)"', script.read_text())
    started = re.findall(r"\bt\(\s*`(\w+)\$\{", script.read_text())
    assert [name for name in asked if name not in known] == []
    assert [start for start in started if not any(name.startswith(start) for name in known)] == []
