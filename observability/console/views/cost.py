"""What running it costs a month."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from observability.console.access import operator
from observability.console.cost.prices import BadPrices
from observability.console.queries.cost import ADVICE, KIND_NAMES, WAY_NAMES, cost


@operator("viewer")
def show(request: Any) -> HttpResponse:
    names = {
        "ways": WAY_NAMES,
        "kinds": KIND_NAMES,
        "advice": [text for word, text in ADVICE.items() if word != "unknown"],
    }
    try:
        return render(request, "console/cost.html", {"cost": cost(), **names})
    except (BadPrices, OSError) as error:
        return render(request, "console/cost.html", {"refused": str(error), **names})
