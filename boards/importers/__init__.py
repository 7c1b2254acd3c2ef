"""Boards from elsewhere. A new source is a module with a `read` like Trello's, and one line here."""

from boards.importers import trello

READERS = {"trello": trello.read}
