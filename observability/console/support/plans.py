"""Plans of the slowest statements, of which only the text is known: EXPLAIN (GENERIC_PLAN) needs no value.

Nothing is executed. A statement whose text was shortened, or whose parameters PostgreSQL cannot give a type, has none.
"""

import itertools
import re

from django.db import DatabaseError, connection, transaction

from observability.console.queries.statements import slowest
from observability.console.spans import DAY

LOOKED_AT = 20
PLACEHOLDER = re.compile(r"%s|\$\d+")
STARTS = ("SELECT", "WITH", "UPDATE", "INSERT", "DELETE")


def plans() -> str:
    found = []
    for one in slowest(DAY, limit=LOOKED_AT):
        found.append(f"-- {one['calls']} calls, {one['mean']:.2f} ms each\n-- {one['text']}\n{plan_of(one['text'])}\n")
    return "\n".join(found)


def plan_of(text: str) -> str:
    if not text.upper().startswith(STARTS) or "?" in text or "..." in text:
        return "(no plan: the text is not whole)"
    number = itertools.count(1)
    query = PLACEHOLDER.sub(lambda found: f"${next(number)}", text).replace("%%", "%")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # The text is one of our own, as it was sent before; no value of anybody's is in it.
            cursor.execute("EXPLAIN (GENERIC_PLAN) " + query)
            return "\n".join(line for (line,) in cursor.fetchall())
    except DatabaseError as error:
        return f"(no plan: {str(error).strip().splitlines()[0]})"
