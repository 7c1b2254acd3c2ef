"""What was written to the log, for a test to read."""

import json
from typing import Any

import pytest

from observability.logs import lines


class Written(list[bytes]):
    """The lines, as bytes; parsed where a test asks for `lines` or for those of one logger."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    found = Written()
    monkeypatch.setattr(lines.shape, "as_json", True)
    monkeypatch.setattr("observability.logs.logger.write", found.append)
    return found
