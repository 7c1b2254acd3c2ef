"""A label of a board; the name may be empty, then the colour alone tells."""

from typing import ClassVar

from django.db import models

from boards.models.board import BoardModel
from boards.models.palette import Colour


class Label(BoardModel):
    number = models.IntegerField()
    name = models.CharField(max_length=100, blank=True)
    colour = models.CharField(max_length=8, choices=Colour, default=Colour.GRAY)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "board", "number"], name="boards_label_number"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_colour_display())
