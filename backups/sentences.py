"""What stops a backup or a restore: one sentence that says what is wrong and what to do about it."""


class Stopped(Exception):
    """The sentence is shown on the command line, in the console and in the log."""


class Damaged(Stopped):
    """What was stored is not what was written."""
