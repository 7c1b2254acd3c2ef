"""What operators fill in."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.forms.refusable import RefusableForm

LOCAL = {"type": "datetime-local"}


class OverrideForm(RefusableForm):
    reason = forms.CharField(label=_("Why may features pass?"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    hours = forms.IntegerField(label=_("For how many hours (24 at most)"), min_value=1, max_value=24, initial=2)

    @property
    def ends_at(self) -> Any:
        return timezone.now() + timedelta(hours=self.cleaned_data["hours"])


class MaintenanceForm(RefusableForm):
    what = forms.CharField(label=_("What is done"), max_length=200)
    starts_at = forms.DateTimeField(label=_("Begins"), widget=forms.DateTimeInput(LOCAL))
    ends_at = forms.DateTimeField(label=_("Ends"), widget=forms.DateTimeInput(LOCAL))


class ReclassificationForm(RefusableForm):
    reason = forms.CharField(label=_("Why it should cost no budget"), max_length=1000)
