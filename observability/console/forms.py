"""What the console's forms take."""

from django import forms
from django.utils.translation import gettext_lazy as _

from audit.models.operator import Level


class GrantForm(forms.Form):
    email = forms.EmailField(label=_("Email address of an account"), max_length=254)
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
