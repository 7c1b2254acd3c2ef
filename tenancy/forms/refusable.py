"""A form that says what a verb refused."""

from django import forms

from tenancy.errors import Refusal


class RefusableForm(forms.Form):
    def refuse(self, refusal: Refusal) -> None:
        """Puts a verb's refusal where the field is."""
        details = refusal.details if isinstance(refusal.details, list) else []
        for detail in details:
            self.add_error(detail["field"] if detail["field"] in self.fields else None, detail["message"])
        if not details:
            self.add_error(None, str(refusal.message))
