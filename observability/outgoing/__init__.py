"""The one door through which Tika asks others by HTTP: whom, for how long, and how much of an answer is taken.

A name is looked up once, what was found is judged, and that very address is connected to: a name that leads elsewhere a
moment later changes nothing. tests/architecture/test_outgoing.py knows who goes past this door, and why.
"""

from observability.outgoing.door import Answer, ask
from observability.outgoing.failures import Failed, NoAnswer, NotAllowed
from observability.outgoing.reach import Reach

__all__ = ["Answer", "Failed", "NoAnswer", "NotAllowed", "Reach", "ask"]
