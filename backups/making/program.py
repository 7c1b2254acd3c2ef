"""A program of PostgreSQL whose output is a part of a backup."""

import subprocess
import tempfile
from pathlib import Path

from backups.making.making import Making, megabytes
from backups.packing import Part, pack
from backups.programs import last_words
from backups.sentences import Stopped
from backups.tls import reached


def packed_output(making: Making, command: list[str], path: str, *, what: str) -> tuple[Part, str]:
    """What the program writes, packed as `path` of the store, and what it said beside; `what` names it in the progress.

    Raises Stopped where the program fails; nothing is stored then.
    """
    with tempfile.TemporaryFile("w+") as errors, reached(making.config.database, command[0]) as environ:
        process = subprocess.Popen(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )

        def ended_well() -> None:
            code = process.wait()
            errors.seek(0)
            if code != 0:
                raise Stopped(f"{Path(command[0]).name} failed: {last_words(errors.read())}")

        try:
            part = pack(
                making.store,
                path,
                process.stdout,
                making.key,
                progress=lambda count: making.say(f"{what}: {megabytes(count)} read"),
                check=ended_well,
            )
        finally:
            end(process)
        errors.seek(0)
        return part, errors.read()


def end(process: "subprocess.Popen[bytes]") -> None:
    """Its pipe is closed, so a program that still writes ends."""
    if process.stdout is not None:
        process.stdout.close()
    if process.poll() is None:
        process.terminate()
        process.wait()
