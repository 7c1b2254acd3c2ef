"""How many are signed in; who they are is nobody's business here."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection

COUNT_SQL = """
SELECT count(*), count(DISTINCT user_id), count(*) FILTER (WHERE expire_date < now() + interval '1 day'),
       count(*) FILTER (WHERE expire_date > now() + make_interval(secs => %s) - interval '1 day')
FROM tenancy_session WHERE expire_date > now() AND user_id IS NOT NULL
"""
ACCOUNTS_SQL = "SELECT count(*), count(*) FILTER (WHERE is_active) FROM tenancy_user"
# A session's life begins with the sign-in, and anew when something in it changes.
DAYS_SQL = """
SELECT day::date, count(s.session_key)
FROM generate_series(current_date - 29, current_date, interval '1 day') AS day
LEFT JOIN tenancy_session s ON s.user_id IS NOT NULL AND s.expire_date > now()
     AND (s.expire_date - make_interval(secs => %s))::date = day::date
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Sessions:
    """`all` there are, of how many `people`; `ending` and `new` within a day; `accounts`, and those still `active`."""

    all: int
    people: int
    ending: int
    new: int
    accounts: int
    active: int


def sessions() -> Sessions:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SQL, [settings.SESSION_COOKIE_AGE])
        counts = cursor.fetchone()
        cursor.execute(ACCOUNTS_SQL)
        return Sessions(*counts, *cursor.fetchone())


def by_day() -> list[tuple[date, int]]:
    """(day, sessions still there that began on it), the last thirty days."""
    with connection.cursor() as cursor:
        cursor.execute(DAYS_SQL, [settings.SESSION_COOKIE_AGE])
        return list(cursor.fetchall())
