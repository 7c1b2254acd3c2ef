"""Why there is no answer; what they say names a host at most, never what was asked of it."""


class Failed(Exception):
    """A sentence."""


class NotAllowed(Failed):
    """Asking again changes nothing: the address is not for us, or the answer larger than what is taken."""


class NoAnswer(Failed):
    """Nobody answered, or not in time, or not by HTTP; later somebody may. What went wrong is its `__cause__`."""
