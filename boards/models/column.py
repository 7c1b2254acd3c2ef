"""A column of a board."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from boards.models.board import BoardModel
from boards.models.palette import Colour


class Category(models.TextChoices):
    """What a column means, whatever it is called."""

    BACKLOG = "backlog", _("Backlog")
    TODO = "todo", _("To do")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")


class Column(BoardModel):
    """`number` is small and per board: what a snapshot's tickets name their column by."""

    number = models.IntegerField()
    name = models.CharField(max_length=100)
    category = models.CharField(max_length=12, choices=Category, default=Category.TODO)
    colour = models.CharField(max_length=8, choices=Colour, default=Colour.GRAY)
    wip_limit = models.IntegerField(null=True)
    rank = models.CharField(max_length=200, db_collation="C")
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "board", "number"], name="boards_column_number"),
            models.UniqueConstraint(
                fields=["tenant", "board", "rank"], name="boards_column_rank", deferrable=models.Deferrable.IMMEDIATE
            ),
            models.CheckConstraint(condition=models.Q(wip_limit__gt=0), name="boards_column_wip_limit_positive"),
        ]

    def __str__(self) -> str:
        return self.name
