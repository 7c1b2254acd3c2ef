"""Puts a bundle where it is to run, once all of it was compared. Python alone, like `verify`."""

import argparse
import os
import sys
import tarfile
from pathlib import Path

from tika.bundle.verify import MANIFEST, SIGNATURE, Refused, read_key, verify

NEXT = """Tika {version} is in {folder}. Nothing further is fetched from anywhere:

  cd {folder}/tika && bin/run                 # PostgreSQL and all packages are there
{images}"""


def unpack(bundle: Path, key: bytes, folder: Path) -> str:
    """What to do next. Raises Refused, OSError."""
    manifest = verify(bundle, key)
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty: name a new folder; the data of an installation is not in it.")
    with tarfile.open(bundle, "r:") as archive:
        for entry in archive:
            if entry.name in (MANIFEST, SIGNATURE):
                continue
            path = folder / entry.name
            path.parent.mkdir(parents=True, exist_ok=True)
            source = archive.extractfile(entry)
            assert source is not None
            with path.open("wb") as target:
                while part := source.read(2**20):
                    target.write(part)
            os.chmod(path, entry.mode & 0o755)  # noqa: PTH101 - of the list that was signed
    loads = [
        f"  docker load --input {folder}/{one['path']}   # {one['name']}, {one['id']}" for one in manifest["images"]
    ]
    return NEXT.format(version=manifest["version"], folder=folder, images="\n".join(loads))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bundle install", description="Compares a bundle and unpacks it, offline.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", type=Path, required=True, help="the public key, got by another road")
    parser.add_argument("--to", type=Path, required=True, help="a new folder")
    given = parser.parse_args(arguments)
    try:
        sys.stdout.write(unpack(given.bundle, read_key(given.key), given.to) + "\n")
    except (Refused, OSError) as refused:
        sys.stderr.write(f"{given.bundle} was not installed: {refused}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
