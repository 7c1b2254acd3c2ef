"""The boards' pages, below `/<workspace>/`."""

from django.urls import path, register_converter

from boards.views import archive, board, boards, imports, search, settings, ticket_parts


class BoardKey:
    regex = "[A-Z][A-Z0-9]{1,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(BoardKey, "board_key")

app_name = "boards"
urlpatterns = [
    path("", boards.index, name="list"),
    path("boards/new", boards.new, name="new"),
    path("boards/<board_key:key>/", board.show, name="board"),
    path("boards/<board_key:key>/settings/", settings.show, name="settings"),
    path("boards/<board_key:key>/archive/", archive.show, name="archive"),
    path("boards/<board_key:key>/preview/", ticket_parts.preview, name="preview"),
    path("boards/<board_key:key>/tickets/<int:number>/", board.ticket, name="ticket"),
    path("boards/<board_key:key>/tickets/<int:number>/history/", ticket_parts.history, name="ticket-history"),
    path("imports/", imports.index, name="imports"),
    path("imports/new", imports.new, name="import-new"),
    path("imports/slices/<uuid:upload_id>", imports.add_slice, name="import-slice"),
    path("imports/<uuid:import_id>/", imports.show, name="import"),
    path("imports/<uuid:import_id>/start", imports.start, name="import-start"),
    path("imports/<uuid:import_id>/undo", imports.undo, name="import-undo"),
    path("imports/<uuid:import_id>/discard", imports.discard, name="import-discard"),
    path("imports/<uuid:import_id>/people", imports.say_who, name="import-people"),
    path("search/", search.show, name="search"),
]
