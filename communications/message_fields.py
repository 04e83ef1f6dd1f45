"""What staff filter on of the messages that a customer was sent, or was meant to get."""

from communications.models import Message
from segments.catalog.field import ALL, Field, Scope, by_key, column, in_small

FIELDS = [
    ALL,
    Field(
        "communication",
        "Communication",
        "text",
        column("configuration__name"),
        help="Its name, such as Welcome letters.",
        example="Welcome letters",
    ),
    Field(
        "status",
        "Status",
        "choice",
        column("state"),
        choices=in_small(Message.State),
        help="Suppressed: held back, for one of the reasons that its page tells.",
    ),
    Field("sent_at", "Sent", "datetime", column("sent_at"), help="When it went out. No value before that."),
]
MESSAGES = Scope(
    "messages",
    "Messages",
    by_key(FIELDS),
    "",
    {},
    lambda organization: organization.messages.filter(customer__isnull=False),
)
OF_CUSTOMER = Field(
    "messages",
    "Messages",
    "related",
    scope="messages",
    help="Those that were planned for the customer, sent or not.",
)
