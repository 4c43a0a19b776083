"""Forms that several apps use."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms


class SeenForm(forms.Form):
    """Which version of a row a page showed: whoever acts on an older one is told so (rule B7)."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1)

    @property
    def sequence(self) -> int:
        """The version that was seen; one that never is (-1) where the form does not say."""
        return self.cleaned_data["seen"] if self.is_valid() else -1


def helper(*fields: str) -> FormHelper:
    """The fields in this order, for a form whose tag and token stand in the template."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.layout = Layout(*fields)
    return made
