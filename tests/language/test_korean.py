"""The Korean catalogue is complete, and what is committed is what is compiled."""

import re
from collections.abc import Iterator

import polib
import pytest

from tests.language.marked import Marked, everything
from tika.cli.environment import ROOT

FOLDER = ROOT / "tika" / "locale" / "ko" / "LC_MESSAGES"
SAME_IN_BOTH = {"API", "%(name)s (API)"}
HANGUL = re.compile("[가-힣]")
BLANK = re.compile(r"%\(\w+\)\w")
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(FOLDER / "django.po"))


def key(entry: polib.POEntry) -> Marked:
    return Marked(entry.msgctxt, entry.msgid, entry.msgid_plural)


def korean(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def pairs(catalogue: polib.POFile) -> Iterator[tuple[str, str]]:
    for entry in catalogue:
        for text in korean(entry):
            yield entry.msgid_plural or entry.msgid, text


def test_every_string_that_is_marked_is_in_the_catalogue(catalogue: polib.POFile) -> None:
    """Red: run bin/messages, and fill in the Korean."""
    assert everything() - {key(entry) for entry in catalogue} == set()


def test_the_catalogue_holds_nothing_that_nobody_says(catalogue: polib.POFile) -> None:
    assert {key(entry) for entry in catalogue} - everything() == set()
    assert catalogue.obsolete_entries() == []


def test_every_string_has_its_korean(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if not all(korean(entry))] == []
    assert [entry.msgid for entry in catalogue if entry.fuzzy] == []
    words = [(english, text) for english, text in pairs(catalogue) if re.search("[A-Za-z]", BLANK.sub("", english))]
    assert {english for english, text in words if not HANGUL.search(text)} == SAME_IN_BOTH


def test_both_languages_have_the_same_blanks_and_tags(catalogue: polib.POFile) -> None:
    for pattern in (BLANK, TAG):
        differ = [
            english
            for english, text in pairs(catalogue)
            if sorted(pattern.findall(english)) != sorted(pattern.findall(text))
        ]
        assert differ == []


def test_no_particle_guesses_the_last_letter_of_a_blank(catalogue: polib.POFile) -> None:
    """은 or 는, 이 or 가, 을 or 를, 와 or 과 depend on it: a noun stands between, or “(으)로”."""
    guessed = re.compile(r"%\(\w+\)s[’”]?(?:은|는|이|가|을|를|와|과|로|으로)(?![가-힣])")
    assert [text for _, text in pairs(catalogue) if guessed.search(text)] == []


def test_the_compiled_catalogue_is_up_to_date(catalogue: polib.POFile) -> None:
    """Red: run bin/messages. It is committed because a fresh copy of Tika has no compiler for it."""
    compiled = polib.mofile(str(FOLDER / "django.mo"))
    assert {key(entry): korean(entry) for entry in compiled} == {key(entry): korean(entry) for entry in catalogue}
    assert compiled.metadata["Plural-Forms"] == catalogue.metadata["Plural-Forms"]
