"""A word of warning when a text seems to stand in the field of the other language. It is saved all the same."""

from django.contrib import messages
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ipsc.templatetags.ipsc import language_of

ENGLISH, HINDI = "en", "hi"


class ScriptsChecked:
    """For a page with Hindi fields beside English ones; goes before the page's other bases."""

    def save_model(self, request, obj, form, change) -> None:
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        names = {field.name for field in obj._meta.fields}
        for name in form.changed_data:
            twin = name.removesuffix("_hi")
            if twin not in names or f"{twin}_hi" not in names:
                continue
            found, wanted = language_of(str(getattr(obj, name) or "")), HINDI if name.endswith("_hi") else ENGLISH
            if found and found != wanted:
                words = (
                    _("“%(field)s” holds no Hindi letters. It is saved; look whether it stands in the right field.")
                    if wanted == HINDI
                    else _("“%(field)s” is written in Hindi. It is saved; look whether it stands in the right field.")
                )
                label = capfirst(obj._meta.get_field(name).verbose_name)
                messages.warning(request, words % {"field": label})
