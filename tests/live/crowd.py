"""Many tickets at once."""

from django.utils import timezone

from boards.models import Ticket
from tests.cast import Scene


def fill(board: Scene, count: int) -> None:
    with board.workspace.told():
        Ticket.objects.bulk_create(
            (
                Ticket(
                    tenant_id=board.workspace.id,
                    board_id=board.id,
                    column_id=board.columns["backlog"],
                    number=10_000 + number,
                    title=f"Ticket {number} " + "x" * 60,
                    rank=f"a{number:05d}",
                    created_at=timezone.now(),
                    updated_at=timezone.now(),
                )
                for number in range(count)
            ),
            batch_size=1000,
        )


def change_all(board: Scene, **values: object) -> None:
    """One statement."""
    with board.workspace.told():
        Ticket.objects.filter(tenant_id=board.workspace.id, board_id=board.id).update(**values)
