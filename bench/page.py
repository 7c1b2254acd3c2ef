"""The page that holds the last run's table: the words around it are people's, the table is the bench's."""

from pathlib import Path

BEGIN, END = "<!-- bin/bench writes from here -->", "<!-- to here -->"


def renewed(page: Path, table: str) -> str:
    """The page's text with this table in it. Raises SystemExit where the page has no place for one."""
    text = page.read_text() if page.exists() else ""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{page} has no place for the table: a line “{BEGIN}” and after it a line “{END}”.")
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"
