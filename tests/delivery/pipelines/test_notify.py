"""notify.py: what the channel is told, and that nobody else learns its address."""

import json
from pathlib import Path

import pytest

from tests.delivery.pipelines.answering import Reply, answering
from tests.delivery.pipelines.running import run

PATH = "/services/T000/B000/hushhush"
ARGUMENTS = ("--environment", "production", "--commit", "0123456789abcdef", "--by", "<ann> & co")


@pytest.mark.parametrize(("result", "words"), [("success", "is deployed"), ("rolled-back", "was rolled back")])
def test_the_channel_is_told_what_happened_where_and_by_whom(result: str, words: str) -> None:
    with answering({PATH: Reply()}) as server:
        code, said, _ = run("notify.py", result, *ARGUMENTS, SLACK_WEBHOOK_URL=server.url + PATH)
        ((path, body),) = server.asked
    told = json.loads(body)
    assert (code, said, path) == (0, "Slack was told.\n", PATH)
    assert words in told["text"]
    assert "Tika 0123456789ab" in told["text"]
    assert told["text"].endswith("production")
    assert told["blocks"][0]["text"]["type"] == "plain_text"
    assert told["blocks"][1]["text"]["text"] == "*By*: &lt;ann&gt; &amp; co"


def test_a_dry_run_shows_it_and_tells_nobody() -> None:
    with answering({PATH: Reply()}) as server:
        code, said, _ = run("notify.py", "failure", *ARGUMENTS, "--dry-run", SLACK_WEBHOOK_URL=server.url + PATH)
        assert server.asked == []
    assert code == 0
    assert "could not be deployed" in json.loads(said)["text"]


def test_the_address_may_be_in_a_file(tmp_path: Path) -> None:
    with answering({PATH: Reply()}) as server:
        (tmp_path / "hook").write_text(f"{server.url}{PATH}\n")
        assert run("notify.py", "success", *ARGUMENTS, SLACK_WEBHOOK_URL_FILE=str(tmp_path / "hook"))[0] == 0
        assert len(server.asked) == 1


def test_who_has_no_channel_can_deploy_too() -> None:
    code, _, why = run("notify.py", "success", *ARGUMENTS)
    assert (code, why) == (0, "SLACK_WEBHOOK_URL is not set: nobody was told.\n")


@pytest.mark.parametrize("reply", [Reply(403, b"no_service: " + PATH.encode()), Reply(302), None])
def test_a_channel_that_does_not_take_it_is_told_of_without_its_address(reply: Reply | None) -> None:
    with answering({PATH: reply or Reply()}) as server:
        address = server.url + PATH
        if reply:
            code, said, why = run("notify.py", "success", *ARGUMENTS, SLACK_WEBHOOK_URL=address)
    if not reply:
        code, said, why = run("notify.py", "success", *ARGUMENTS, SLACK_WEBHOOK_URL=address)
    assert code == 1
    assert "the message was not taken" in why
    assert "hushhush" not in said + why


def test_a_result_that_nobody_knows_is_refused() -> None:
    assert run("notify.py", "maybe", *ARGUMENTS)[0] == 2
