"""`bin/bundle build` and `bin/bundle key`; verify and install are run without this environment."""

import argparse
import sys
from pathlib import Path

from tika.bundle import keys
from tika.bundle.make import make
from tika.cli.progress import say
from tika.cli.refusal import Refusal
from tika.env import VERSION


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bundle")
    words = parser.add_subparsers(dest="word", required=True)
    key = words.add_parser("key", help="makes the key that bundles are signed with")
    key.add_argument("path", type=Path, help="of the private key; the public one gets .pub")
    build = words.add_parser("build", help="makes a bundle of this commit")
    build.add_argument("--key", type=Path, required=True, help="the private key")
    build.add_argument("--to", type=Path, default=Path(f"tika-{VERSION}.tar"))
    build.add_argument("--image", action="append", default=[], help="an image the local Docker knows; may be repeated")
    given = parser.parse_args(arguments)
    try:
        if given.word == "key":
            public = keys.make(given.path)
            say(f"{given.path} signs: keep it offline. {public} goes to each site by another road than the bundles.")
        else:
            made = make(given.to, keys.load(given.key), given.image)
            say(
                f"{made}: {made.stat().st_size / 10**6:.1f} MB. Compare it with: bin/bundle verify {made} --key KEY.pub"
            )
    except Refusal as refusal:
        say(str(refusal), to=sys.stderr)
        say(refusal.details, to=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
