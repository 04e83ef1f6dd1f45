"""The kinds of file whose rows are known by their names: connectors, and figures to watch."""

from console.billing.models import Connector, Monitor
from console.billing.models.monitors import FARTHEST, TESTS
from console.imports import values
from console.imports.fields import Field, Kind, one_of, told, words

SIGNS = {"<": "lt", "<=": "lte", "≤": "lte", ">": "gt", ">=": "gte", "≥": "gte"}
SHORT = {"under": "lt", "at most": "lte", "over": "gt", "at least": "gte"}
COMPARED = values.choice(
    words(list(TESTS.items())) | SIGNS | SHORT, "one of lt (<), lte (<=), gt (>), gte (>=)"
)


def called(*heads: str) -> Field:
    """The name by which the row is known again, the same to the letter."""
    return Field("name", "Name", lambda _: values.line(100), ("name", *heads), is_required=True)


CONNECTORS = Kind(
    "connectors",
    "Connectors",
    "One row for each other system, known again by its name.",
    "metadata",
    (
        called("connector", "connector_name", "system"),
        told(
            "kind",
            "What it is for",
            one_of(Connector.Kind.choices, payment="payments", accounts="accounting"),
            f"'{Connector.Kind.PAYMENTS}'",
            *("kind", "type", "connector_kind"),
        ),
    ),
    "billing.edit",
)
MONITORS = Kind(
    "monitors",
    "Monitors",
    "One row a monitor, known again by its name. A currency is for money, days are for figures of the last days.",
    "metadata",
    (
        called("monitor", "monitor_name"),
        Field(
            "figure",
            "Figure",
            lambda _: one_of(Monitor.Figure.choices),
            ("figure", "measure", "watches"),
            is_required=True,
        ),
        Field(
            "test",
            "Holds where it",
            lambda _: COMPARED,
            ("test", "operator", "comparison", "condition"),
            is_required=True,
        ),
        Field(
            "threshold",
            "Threshold",
            lambda _: values.amount(is_signed=True),
            ("threshold", "limit", "amount", "value"),
            type="numeric",
            default="NULL",
            is_required=True,
        ),
        told("currency", "Currency", values.currency, "''", "currency", "currency_code"),
        told(
            "days",
            "Days to look back",
            values.whole(1, FARTHEST),
            "NULL",
            *("days", "days_back", "look_back", "window"),
            type="smallint",
        ),
    ),
    "monitors.edit",
)
