"""What staff filter on of a customer, wherever one stands: as who is asked for, or as the holder of an account."""

from segments.catalog.field import Field, column

KINDS = (("person", "person"), ("business", "business"))

CUSTOMER_FACTS = [
    Field(
        "name",
        "Name",
        "text",
        column("name_folded"),
        is_folded=True,
        is_personal=True,
        care="origin",
        example="Nováková",
    ),
    Field("email", "Email", "text", column("email"), is_personal=True, example="@mail.example"),
    Field("phone", "Phone", "text", column("phone"), is_personal=True, example="+420"),
    Field(
        "country",
        "Country",
        "text",
        column("country"),
        help="Two letters (ISO 3166), such as CZ.",
        is_code=True,
        example="CZ",
    ),
    Field("kind", "Kind", "choice", column("kind"), choices=KINDS),
    Field(
        "external_id",
        "External id",
        "text",
        column("external_id"),
        help="The id in the bank's own system.",
        example="CUS-0000042",
    ),
    Field("created_at", "Customer since", "datetime", column("created_at")),
    Field(
        "products",
        "Products held",
        "list",
        column("products"),
        help="Such as overdraft_protection.",
        example="overdraft_protection",
    ),
]
