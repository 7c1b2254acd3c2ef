#!/usr/bin/env python3
"""Says whether all jobs that a job needs have passed, from `toJSON(needs)` in NEEDS.

A job that was left out on purpose (`skipped`) is no failure. Leaves with 0, 1 (one has not passed) or 2 (no answer).
"""

import argparse
import json
import os
import sys

GOOD = {"success", "skipped"}


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    try:
        results = {name: job["result"] for name, job in json.loads(os.environ["NEEDS"]).items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        print('NEEDS must hold {"job": {"result": "success"}}, as toJSON(needs) gives it.', file=sys.stderr)
        return 2
    for name, result in results.items():
        print(f"{name}: {result}")
    if not results or "success" not in results.values():
        print("Nothing has passed.", file=sys.stderr)
        return 1
    return 0 if GOOD.issuperset(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
