"""A text that may be anything, beside values that are usual: the browser offers them while one types."""

from html import escape
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from console.cells import Html


class Suggested(forms.TextInput):
    """A text field with its `values`, each with the words it is shown by."""

    values: dict[str, str]

    def __init__(self, values: dict[str, str], attrs: Any = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.values = values

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = f"{(attrs or {}).get('id', name)}-values"
        options = "".join(
            f'<option value="{escape(key)}">{escape(words)}</option>' for key, words in self.values.items()
        )
        control = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', control, listed, Html(options))
