"""What it costs adds up to the cent, follows the guide's rows, and makes no price up."""

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from observability.console.cost.estimate import Load, as_json, break_even, estimate, estimates, loads
from observability.console.cost.prices import OURS, WAYS, BadPrices, read
from observability.doctor.stages import Stage
from tests.cast import Person

SMALL = Load(5, 1, 1000, 10**9, Stage.MVP)


def filled(tmp_path: Path, **prices: float) -> Path:
    """Ours, with each empty price filled in: by its name's first word, else 10."""
    text = OURS.read_text(encoding="utf-8")
    for block in text.split("[[price]]")[1:]:
        if "usd =" not in block:
            word = block.split('"')[1].split()[0]
            new = block.replace("source =", f'usd = {prices.get(word, 10)}\ndate = "2026-11-26"\nsource =', 1)
            text = text.replace(block, new)
    text = text.replace("# paas = 4", "paas = 4").replace("# vm = 8", "vm = 8")
    text = text.replace("# containers = 16", "containers = 16").replace("# kubernetes = 40", "kubernetes = 40.5")
    path = tmp_path / "prices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_price_of_ours_has_a_source_and_a_date() -> None:
    prices = read()
    assert all(one.source for one in prices.all)
    assert all(one.date for one in prices.all if one.usd is not None)
    assert {int(one.usd) for one in prices.all if one.usd} == {30, 200, 21, 10}
    assert prices.hours == {}


def test_what_has_no_price_is_named_and_not_made_up() -> None:
    prices = read()
    found = estimate(SMALL, prices, "vm")
    assert (found.total, found.advice) == (Decimal(0), "unknown")
    assert [line.price.name for line in found.unpriced] == ["Disks", "Processors", "Memory", "People who run it"]
    assert break_even(estimates(SMALL, prices), prices) == dict.fromkeys(WAYS[1:])


@pytest.mark.parametrize(
    ("stage", "operators", "way", "tools"),
    [
        (Stage.MVP, 1, "paas", 0),
        (Stage.TEAM, 3, "paas", 30),
        (Stage.SAAS, 10, "paas", 200),
        (Stage.ENTERPRISE, 50, "paas", 200 + 50 * 10),
        (Stage.SAAS, 10, "kubernetes", 10 * 21),
    ],
)
def test_the_guides_rows(stage: Stage, operators: int, way: str, tools: int) -> None:
    assert estimate(Load(1, operators, 1, 1, stage), read(), way).of("tools") == tools


@pytest.mark.parametrize(
    ("bill", "advice"), [(0, "keep"), (99, "keep"), (100, "analyse"), (499, "analyse"), (500, "hybrid"), (2000, "own")]
)
def test_the_guides_thresholds(bill: int, advice: str, tmp_path: Path) -> None:
    path = filled(tmp_path, Database=bill, Requests=0, People=10**6)
    found = estimate(Load(1, 1, 0, 0, Stage.MVP), read(path), "paas")
    assert found.of("infrastructure") == bill
    assert found.advice == advice


def test_people_count_and_say_when_it_pays(tmp_path: Path) -> None:
    prices = read(filled(tmp_path, Requests=0, Database=1000, Processors=20, Memory=5, Disks=1, People=50))
    found = {one.way: one for one in estimates(SMALL, prices)}
    assert found["kubernetes"].of("people") == Decimal("2025.00")
    assert (found["paas"].of("infrastructure"), found["vm"].of("infrastructure")) == (Decimal(2000), Decimal(62))
    assert break_even(list(found.values()), prices)["vm"] == Decimal("38.8")


@given(
    people=st.integers(0, 10**6),
    requests=st.floats(0, 10**9),
    stored=st.floats(0, 10**15),
    stage=st.sampled_from(Stage),
)
def test_totals_are_the_sum_of_their_lines_to_the_cent(
    people: int, requests: float, stored: float, stage: Stage
) -> None:
    for load in loads(Load(people, 3, requests, stored, stage)):
        for one in estimates(load, read()):
            told = as_json(one)
            lines = sum((Decimal(line["usd"]) for line in told["lines"] if line["usd"]), Decimal(0))
            kinds = sum(Decimal(told[f"{kind}_usd"]) for kind in ("infrastructure", "tools", "people"))
            assert Decimal(told["total_usd"]) == lines == kinds


def test_more_use_never_costs_less(tmp_path: Path) -> None:
    prices = read(filled(tmp_path))
    totals = [estimate(load, prices, "vm").total for load in loads(SMALL)[1:]]
    assert totals == sorted(totals)


BAD: list[tuple[str, str]] = [
    ("[[price]]\nname = 'a'", "kind is None"),
    ("[[price]]\nname='a'\nkind='tools'\nper='month'\nways=['paas']\nusd=1\ndate='x'", "names no source"),
    ("[[price]]\nname='a'\nkind='tools'\nper='month'\nways=['paas']\nusd=1\nsource='x'", "has no date"),
    ("[[price]]\nname='a'\nkind='tools'\nper='month'\nways=['moon']\nsource='x'", "ways must be"),
    ("[[price]]\nname='a'\nkind='tools'\nper='year'\nways=['vm']\nsource='x'", "per is 'year'"),
    ("[[price]]\nname='a'\nkind='tools'\nper='month'\nways=['vm']\nsource='x'\nusd=-1\ndate='x'", "no amount"),
    ("[[price]]\nname='a'\nkind='tools'\nper='month'\nways=['vm']\nsource='x'\neur=1", "'eur', which is no field"),
    ("[hours]\nmoon = 1", "must be one of"),
    ("[hours", "prices.toml"),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_a_file_that_makes_no_sense_is_refused_with_the_place(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(text)
    with pytest.raises(BadPrices) as refused:
        read(path)
    assert said in str(refused.value)
    with pytest.raises(CommandError):
        call_command("cost", "--prices", str(path))


def test_the_command_tells_what_is_used_and_what_is_missing(tmp_path: Path) -> None:
    out = StringIO()
    call_command("cost", stdout=out)
    assert "prices are not filled in" in out.getvalue()
    out = StringIO()
    call_command("cost", "--json", "--prices", str(filled(tmp_path)), stdout=out)
    told = json.loads(out.getvalue())
    assert [one["way"] for one in told["now"]] == list(WAYS)
    assert len(told["stages"]) == 4 * len(WAYS)
    assert all(one["unpriced"] == [] for one in told["now"])
    out = StringIO()
    call_command("cost", "--example", stdout=out)
    assert out.getvalue() == OURS.read_text(encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("cost", "--prices", str(tmp_path / "none.toml"))


def test_the_page_shows_the_same_totals(viewer: Person, settings: Any, tmp_path: Path) -> None:
    settings.PRICES_FILE = str(filled(tmp_path))
    out = StringIO()
    call_command("cost", "--json", stdout=out)
    page = viewer.client.get("/ops/cost/").content.decode()
    for one in json.loads(out.getvalue())["stages"]:
        assert f"{Decimal(one['total_usd']):,.2f}" in page
    settings.PRICES_FILE = str(tmp_path / "none.toml")
    answer = viewer.client.get("/ops/cost/")
    assert answer.status_code == 200
    assert "cannot be used" in answer.content.decode()
