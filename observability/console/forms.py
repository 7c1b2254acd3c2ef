"""What the console's forms take."""

from django import forms
from django.utils.translation import gettext_lazy as _

from audit.models.operator import Level
from observability.logs.levels import LEVELS
from tenancy.forms.refusable import RefusableForm


class GrantForm(RefusableForm):
    email = forms.EmailField(label=_("Email address of an account"), max_length=254)
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)


class LogLevelForm(RefusableForm):
    logger = forms.CharField(label=_("Logger"), max_length=100, help_text=_("As in the log, for example tika.request."))
    level = forms.ChoiceField(label=_("Log level"), choices=[(name, name) for name in LEVELS], initial="debug")
    minutes = forms.IntegerField(label=_("For how many minutes"), min_value=1, max_value=60, initial=15)
