from boards.models.attachment import Attachment
from boards.models.board import Board, BoardAccess
from boards.models.checklist import Checklist, ChecklistItem
from boards.models.column import Column
from boards.models.comment import Comment, Mention
from boards.models.importing import Import, ImportedObject
from boards.models.label import Label
from boards.models.search import SearchDocument
from boards.models.ticket import Priority, Ticket, TicketAssignee, TicketLabel

__all__ = [
    "Attachment",
    "Board",
    "BoardAccess",
    "Checklist",
    "ChecklistItem",
    "Column",
    "Comment",
    "Import",
    "ImportedObject",
    "Label",
    "Mention",
    "Priority",
    "SearchDocument",
    "Ticket",
    "TicketAssignee",
    "TicketLabel",
]
