#!/usr/bin/env python3
"""Fills Tika's settings secret with passwords made here, once: fill_secrets.py --secret NAME --host HOST

They go to AWS Secrets Manager and nowhere else: neither into Terraform's state nor onto a command line. What is there
stays; --renew NAME makes one anew (then run the task `roles`, which gives it to the database, and deploy).
AWS is asked by the `aws` command. Leaves with 0, 1 (AWS refused) or 2 (asked wrongly).
"""

import argparse
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from urllib.parse import quote

ROLES = {"DATABASE_URL": "tika_app", "DATABASE_URL_WORKER": "tika_worker", "DATABASE_URL_MIGRATOR": "tika_migrator"}
# The same role twice: one address for everything, one past a pooler.
SAME = {"DATABASE_URL_DIRECT": "DATABASE_URL"}


class Failed(Exception):
    """What AWS said."""


def aws(*arguments: str, told: str = "") -> str:
    """`told` reaches it by a file of ours alone, gone with the call: arguments are there for everybody to read."""
    command = ["aws", "secretsmanager", *arguments, "--output", "json"]
    with tempfile.NamedTemporaryFile("w", prefix="tika-") as file:
        if told:
            file.write(told)
            file.flush()
            command += ["--cli-input-json", f"file://{file.name}"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "AWS_PAGER": ""})
        except FileNotFoundError as error:
            raise Failed("The aws command is not here: install it (pip install awscli).") from error
    if done.returncode:
        raise Failed(done.stderr.strip())
    return done.stdout


def present(secret: str) -> dict[str, str]:
    try:
        answer = json.loads(aws("get-secret-value", "--secret-id", secret))
    except Failed as failed:
        # A new one has no version yet.
        if "ResourceNotFoundException" in str(failed) and "value" in str(failed):
            return {}
        raise
    found: dict[str, str] = json.loads(answer["SecretString"])
    return found


def filled(known: dict[str, str], host: str, renew: set[str], tls: str = "sslmode=require") -> dict[str, str]:
    """Every key, those that are known unchanged unless they are to be renewed."""
    made = {name: value for name, value in known.items() if name not in renew}
    made.setdefault("TIKA_SECRET_KEY", secrets.token_urlsafe(48))
    for name, role in ROLES.items():
        made.setdefault(name, f"postgres://{role}:{quote(secrets.token_urlsafe(32), safe='')}@{host}/tika?{tls}")
    return made | {name: made[other] for name, other in SAME.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--secret", required=True)
    parser.add_argument(
        "--host", required=True, help="the database's address, as Terraform prints it: HOST or HOST:PORT"
    )
    parser.add_argument("--renew", action="append", default=[], choices=["TIKA_SECRET_KEY", *ROLES])
    parser.add_argument("--ca", help="where the image has the PEM of AWS's authorities; with it the server is verified")
    given = parser.parse_args()
    if not re.fullmatch(r"[\w.-]+(:\d+)?", given.host):
        parser.error("--host must be a name, without user, password and path")
    try:
        known = present(given.secret)
        tls = f"sslmode=verify-full&sslrootcert={quote(given.ca, safe='')}" if given.ca else "sslmode=require"
        made = filled(known, given.host, set(given.renew), tls)
        if made != known:
            aws("put-secret-value", told=json.dumps({"SecretId": given.secret, "SecretString": json.dumps(made)}))
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    new = sorted(name for name in made if made[name] != known.get(name))
    print(f"Made: {', '.join(new)}." if new else "Everything was there already.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
