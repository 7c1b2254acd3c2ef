"""What stops a start: one sentence that says what is wrong and what to do about it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = {errno.ENOSPC, errno.EDQUOT}
DISK_FULL = "The disk that holds {folder} is full: free at least {needed} MB there and start again."


class Refusal(Exception):
    """`details` is printed under the sentence as it is: statements to run, a program's own last words."""

    def __init__(self, sentence: str, *, details: str = "") -> None:
        super().__init__(sentence)
        self.details = details


def disk_full(folder: Path, *, needed: int) -> Refusal:
    return Refusal(DISK_FULL.format(folder=folder, needed=needed))


@contextmanager
def told_plainly(folder: Path, *, needed: int) -> Iterator[None]:
    """Turns the system's refusals about `folder` into sentences."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(folder, needed=needed) from error
        raise Refusal(
            f"The data folder {folder} can't be written ({error.strerror}): make it writable for this user,"
            " or name another one with TIKA_DATA_DIR."
        ) from error
