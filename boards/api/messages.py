"""Sentences for what pydantic finds, in the reader's language."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "extra_forbidden": _("There is no such field. Remove it."),
    "missing": _("This field is required."),
    "string_type": _("Give a text."),
    "string_too_long": _("Use at most %(max_length)s characters."),
    "string_too_short": _("Give at least %(min_length)s character."),
    "string_pattern_mismatch": _("This does not have the required form."),
    "too_long": _("Give at most %(max_length)s items."),
    "too_short": _("Give at least %(min_length)s item."),
    "list_type": _("Give a list."),
    "bool_type": _("Give true or false."),
    "bool_parsing": _("Give true or false."),
    "literal_error": _("Choose one of %(expected)s."),
    "enum": _("Choose one of %(expected)s."),
    "greater_than": _("Give a number above %(gt)s."),
    "greater_than_equal": _("Give a number of %(ge)s or more."),
    "less_than_equal": _("Give a number of %(le)s or less."),
    "decimal_max_digits": _("The number is too long."),
    "decimal_whole_digits": _("The number is too long."),
    "decimal_max_places": _("Use at most %(decimal_places)s decimal places."),
    "finite_number": _("Give a number."),
    "model_attributes_type": _("Give a JSON object."),
    "model_type": _("Give a JSON object."),
    "dict_type": _("Give a JSON object."),
}
UNKNOWN = _("This value is not valid.")


def sentence_for(error: dict[str, Any]) -> str:
    """`error` is one of pydantic's error dictionaries (type, ctx, msg)."""
    context = dict(error.get("ctx") or {})
    kind = error["type"]
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if kind.startswith(("int", "float", "decimal")) and kind.endswith(("parsing", "type", "from_float")):
        return str(_("Give a number."))
    if kind.startswith("uuid"):
        return str(_("Give an id as another answer of the API shows it."))
    if kind.startswith("date"):
        return str(_("Give a date as YYYY-MM-DD."))
    if kind in {"too_long", "too_short"} and context.get("field_type") == "Value":
        kind = f"string_{kind}"  # what pydantic says of a text that was cleaned before
    if "expected" in context:
        context["expected"] = context["expected"].replace(" or ", ", ")  # pydantic's is English
    return str(SENTENCES.get(kind, UNKNOWN)) % context
