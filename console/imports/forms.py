"""A file to import, and what its columns fill."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.template.defaultfilters import filesizeformat

from console.imports.fields import Kind
from console.imports.kinds import KINDS
from console.imports.mapping import BadMapping, check, kept_as
from console.imports.models import ImportRun
from console.imports.preview import samples
from console.imports.sniffing import DELIMITERS, ENCODINGS, Found, NotCsv, look
from console.wording import Form


class UploadForm(Form):
    """A CSV file and what kind of rows it holds."""

    kind = forms.ChoiceField(
        label="What the rows are",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the rows are."},
    )
    file = forms.FileField(
        label="CSV file", error_messages={"required": "Choose the file.", "empty": "The file is empty."}
    )

    found: Found

    def __init__(self, *args: Any, kinds: list[Kind], **options: Any) -> None:
        super().__init__(*args, **options)
        rows: Any = self.fields["kind"]
        rows.choices = [(kind.key, kind.label) for kind in kinds]
        limit = filesizeformat(settings.IMPORT_MAX_BYTES)
        self.fields["file"].help_text = f"The first line names the columns. Up to {limit}."
        self.fields["file"].widget.attrs["accept"] = ".csv,.tsv,.txt,text/csv"

    def clean_file(self) -> Any:
        """Refuse what is too large or no CSV; keep what was found in it."""
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            limit = filesizeformat(settings.IMPORT_MAX_BYTES)
            raise ValidationError(
                f"The file is larger than {limit}. Send it in parts, or from the command line."
            )
        try:
            self.found = look(file.file)
        except NotCsv as fault:
            raise ValidationError(str(fault)) from fault
        return file


class MappingForm(Form):
    """How a draft is read: encoding, delimiter, the ledger of accounts, and what each column fills."""

    encoding = forms.ChoiceField(choices=list(ENCODINGS.items()))
    delimiter = forms.ChoiceField(choices=list(DELIMITERS.items()))
    ledger_name = forms.CharField(max_length=256, required=False, label="Ledger")

    def __init__(self, run: ImportRun, data: Any = None) -> None:
        self.run, self.kind = run, KINDS[run.kind]
        initial = {"encoding": run.encoding, "delimiter": run.delimiter, "ledger_name": run.ledger_name}
        initial |= {f"column_{index}": run.mapping.get(name, "") for index, name in enumerate(run.header)}
        super().__init__(data, initial=initial)
        self.ledgers = list(run.organization.ledgers.values_list("name", flat=True)[:200])
        if run.kind not in ("accounts", "transactions"):
            del self.fields["ledger_name"]
        else:
            self._ask_for_ledger()
        declared = list(run.organization.attributes.filter(entity=run.kind).values_list("key", flat=True))
        for index, name in enumerate(run.header):
            choices = choices_for(self.kind, name, declared, run.mapping.get(name, ""))
            self.fields[f"column_{index}"] = forms.ChoiceField(
                choices=choices, required=False, label=f"{name} fills"
            )

    def _ask_for_ledger(self) -> None:
        field = self.fields["ledger_name"]
        field.widget.attrs |= {"list": "ledgers", "autocomplete": "off"}
        field.help_text = "One that does not exist yet is made."
        if self.run.kind == "transactions":
            field.help_text = "If you name one, rows for accounts of other ledgers are rejected."

    @property
    def columns(self) -> list[tuple[str, list[str], BoundField]]:
        """Each column: its name, its first values, its field."""
        values = samples(self.run)
        return [(name, values[index], self[f"column_{index}"]) for index, name in enumerate(self.run.header)]

    def clean_ledger_name(self) -> str:
        """Accounts say which ledger where there are several; transactions name one that exists."""
        name: str = self.cleaned_data["ledger_name"].strip()
        is_known = name.lower() in (ledger.lower() for ledger in self.ledgers)
        if self.run.kind == "accounts" and not name and len(self.ledgers) > 1:
            raise ValidationError(
                f"Say which ledger the accounts go to: {', '.join(self.ledgers)}, or a new one."
            )
        if self.run.kind == "transactions" and name and not is_known:
            raise ValidationError(
                f"There is no ledger “{name}”. There are: {', '.join(self.ledgers) or 'none yet'}."
            )
        return name

    def clean(self) -> dict[str, Any]:
        """Every required field filled, none twice."""
        mapping = {
            name: self.cleaned_data.get(f"column_{index}", "") for index, name in enumerate(self.run.header)
        }
        try:
            check(self.kind, self.run.header, mapping)
        except BadMapping as fault:
            for name, words in fault.faults.items():
                self.add_error(f"column_{self.run.header.index(name)}" if name else None, words)
        return {**self.cleaned_data, "mapping": mapping}

    def save(self) -> None:
        """Keep the choices on the run."""
        self.run.mapping = self.cleaned_data["mapping"]
        self.run.ledger_name = self.cleaned_data.get("ledger_name", "")
        self.run.save(update_fields=["mapping", "ledger_name"])


def choices_for(kind: Kind, name: str, declared: list[str], present: str) -> list[tuple[str, Any]]:
    """What a column can fill: a field, a declared key, a key of its own, nothing."""
    fields = [
        (field.key, f"{field.label}{' (required)' if field.is_required else ''}") for field in kind.fields
    ]
    groups: list[tuple[str, Any]] = [("Fields", fields)]
    if kind.extra:
        label = kind.extra.replace("_", " ").capitalize()
        keys = dict.fromkeys([*(f"{kind.extra}.{key}" for key in sorted(declared)), kept_as(kind, name)])
        if "." in present:
            keys[present] = None
        groups.append((label, [(key, f"{label}: {key.partition('.')[2]}") for key in keys]))
    return [*groups, ("", "Leave out")]
