#!/usr/bin/env python3
"""Tells a Slack channel what a deployment did: notify.py success|failure|rolled-back --environment production

  SLACK_WEBHOOK_URL        an incoming webhook of the channel, or
  SLACK_WEBHOOK_URL_FILE   a file that holds it; it is a secret, and is printed nowhere

Without one it says so and leaves with 0: who has no channel can deploy too. 1: the channel did not take it.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from asking import ask

WORDS = {
    "success": ("✅", "is deployed"),
    "failure": ("❌", "could not be deployed"),
    "rolled-back": ("↩️", "was not well and was rolled back"),
}


def plain(text: str) -> str:
    """As Slack wants what is no markup: https://docs.slack.dev/messaging/formatting-message-text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def message(given: argparse.Namespace) -> dict[str, Any]:
    """The webhook's JSON: `text` is what a notification shows, `blocks` what the channel does."""
    sign, words = WORDS[given.result]
    headline = f"{sign} Tika {given.commit[:12]} {words}: {given.environment}".replace("  ", " ")
    facts = {"Image": given.image, "By": given.by, "Details": given.details, "Run": given.run}
    lines = "\n".join(f"*{name}*: {plain(value)}" for name, value in facts.items() if value)
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": headline[:150]}}]
    if lines:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": lines[:3000]}})
    return {"text": plain(headline), "blocks": blocks}


def webhook() -> str:
    if path := os.environ.get("SLACK_WEBHOOK_URL_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get("SLACK_WEBHOOK_URL", "").strip()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("result", choices=WORDS)
    parser.add_argument("--environment", required=True)
    for name in ("commit", "image", "by", "details", "run"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--dry-run", action="store_true", help="print what would be sent")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    body = json.dumps(message(given), ensure_ascii=False)
    if given.dry_run:
        print(body)
        return 0
    address = webhook()
    if not address:
        print("SLACK_WEBHOOK_URL is not set: nobody was told.", file=sys.stderr)
        return 0
    answer = ask(address, method="POST", body=body.encode(), headers={"Content-Type": "application/json"})
    if answer.status == 200:
        print("Slack was told.")
        return 0
    # What it says may quote the address.
    print(f"Slack answers {answer.status or 'nothing'}: the message was not taken.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
