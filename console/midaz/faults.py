"""What can be wrong with a request, under the codes that clients of Midaz know."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.keeping import Refusal, StillUsed
from console.ledgers.keeping import AssetTaken, LedgerTaken, NoCurrency, NotCapitals, NotLetters
from console.portfolios.keeping import (
    AliasTaken,
    ExternalType,
    HoldsMoney,
    IsExternal,
    NoAsset,
    NoPortfolio,
    NoType,
    OtherAsset,
    TypeTaken,
    WrongParent,
)


@dataclass(frozen=True)
class Fault:
    """A kind of error: its HTTP status, a title, and what to do about it. `{…}` in `words` is filled in."""

    status: int
    title: str
    words: str


FAULTS: Mapping[str, Fault] = {
    "0002": Fault(409, "Ledger name taken", "{why}"),
    "0003": Fault(409, "Asset exists", "{why}"),
    "0004": Fault(400, "Code in small letters", "Write the asset's code in capital letters."),
    "0005": Fault(400, "Unknown currency", "{why}"),
    "0007": Fault(404, "Not found", "There is no {entity} with this id here."),
    "0009": Fault(400, "Fields missing", "The request lacks what `fields` names."),
    "0012": Fault(400, "Account holds money", "{why}"),
    "0015": Fault(409, "Segment name taken", "A segment of this ledger is called “{name}” already."),
    "0018": Fault(422, "Insufficient funds", "A source has less available than is to be taken from it."),
    "0019": Fault(422, "Account not eligible", "An account is not there, or has no balance of that key."),
    "0020": Fault(409, "Alias taken", "{why}"),
    "0024": Fault(400, "Account may not", "A balance may not send or receive so, or its account is blocked."),
    "0029": Fault(400, "Wrong parent account", "{why}"),
    "0030": Fault(400, "Other asset than the parent", "{why}"),
    "0032": Fault(400, "Wrong country", "Write the country of the address as two letters of ISO 3166, such as CZ."),
    "0033": Fault(400, "Wrong code", "An asset's code has letters only."),
    "0034": Fault(404, "Asset not found", "{why}"),
    "0035": Fault(404, "Portfolio not found", "{why}"),
    "0036": Fault(404, "Segment not found", "The ledger has no segment with this id."),
    "0037": Fault(404, "Ledger not found", "The organization has no ledger with this id."),
    "0038": Fault(404, "Organization not found", "There is no organization with this id that this key opens."),
    "0039": Fault(404, "Parent organization not found", "There is no organization with this id that this key opens."),
    "0040": Fault(400, "Wrong type", "An asset is of type crypto, currency, commodity or others."),
    "0041": Fault(401, "No token", "Send a live API key as “Authorization: Bearer …”."),
    "0042": Fault(401, "Token not valid", "The API key is unknown, has expired or was revoked."),
    "0043": Fault(403, "Not permitted", "{why}"),
    "0046": Fault(500, "Something went wrong here", "It is our fault and was noted. Try again."),
    "0047": Fault(400, "Wrong values", "Some values can't be used; `fields` says which and why."),
    "0050": Fault(400, "Metadata key too long", "A key of metadata has 100 bytes at most."),
    "0051": Fault(400, "Metadata value too long", "Metadata are texts, numbers and booleans of 2,000 bytes at most."),
    "0053": Fault(400, "Unknown fields", "The request has fields that are not known here; `fields` shows them."),
    "0065": Fault(400, "Wrong id", "An id in the address is not a UUID."),
    "0066": Fault(400, "Wrong type", "{why}"),
    "0067": Fault(400, "Nested metadata", "Values of metadata are texts, numbers or booleans, not objects."),
    "0072": Fault(400, "Wrong leg", "A leg is an amount, a share or what remains, once a side."),
    "0073": Fault(400, "Does not add up", "What sources give, and destinations get, is the value that is sent."),
    "0074": Fault(400, "External account", "{why}"),
    "0078": Fault(400, "Wrong dates", "The first date comes after the last."),
    "0080": Fault(400, "Limit too high", "A page has from 1 to 100 items."),
    "0081": Fault(400, "Wrong order", "The order is asc or desc."),
    "0082": Fault(400, "Wrong cursor", "The cursor is not one that this list gave."),
    "0083": Fault(400, "Half a range", "Give both start_date and end_date, or neither."),
    "0084": Fault(409, "Idempotency key in use", "Another request was made with this idempotency key."),
    "0085": Fault(404, "Alias not found", "The ledger has no account with the alias “{alias}”."),
    "0087": Fault(400, "Reverted already", "This transaction was reverted before."),
    "0088": Fault(400, "A revert", "This transaction is a revert itself. Make the right one anew."),
    "0089": Fault(400, "Can't be reverted", "This transaction came with a file and stays as it is."),
    "0090": Fault(400, "Ambiguous", "One balance can't be a source and a destination at once."),
    "0091": Fault(400, "Own parent", "An organization can't be its own parent."),
    "0093": Fault(400, "Balance stays", "{why}"),
    "0094": Fault(400, "Unreadable body", "{why}"),
    "0096": Fault(400, "Wrong alias", "An alias has letters, digits, @ : _ and - only."),
    "0098": Fault(422, "Nothing to hold", "A pending transaction can't take from an external account."),
    "0099": Fault(422, "Wrong status", "The transaction is not in a status in which that can be done."),
    "0108": Fault(409, "Account type exists", "{why}"),
    "0120": Fault(400, "Wrong key", "The key of an account type has letters, digits, _ and - only."),
    "0121": Fault(400, "Date ahead", "A transaction can't have happened later than now."),
    "0122": Fault(400, "Date of a pending one", "A pending transaction has no transactionDate."),
    "0123": Fault(409, "Key taken", "The account has a balance of the key “{key}” already."),
    "0124": Fault(400, "External account", "An external account has one balance only."),
    "0125": Fault(422, "Wrong value", "The value that is sent is more than zero."),
    "0131": Fault(400, "Wrong date", "Write dates as 2026-11-22 or 2026-11-22T10:42:00Z."),
    "0138": Fault(404, "Account type not found", "{why}"),
    "1001": Fault(409, "Still in use", "{why}"),
    "0405": Fault(405, "Wrong method", "{why}"),
    "0429": Fault(429, "Too many requests", "{why}"),
}  # fmt: skip


# The rules of the record as the domain tells them, see `told`.
OF_RULES: Mapping[type[Refusal], str] = {
    LedgerTaken: "0002",
    AssetTaken: "0003",
    NotCapitals: "0004",
    NoCurrency: "0005",
    HoldsMoney: "0012",
    AliasTaken: "0020",
    WrongParent: "0029",
    OtherAsset: "0030",
    NotLetters: "0033",
    NoAsset: "0034",
    NoPortfolio: "0035",
    ExternalType: "0066",
    IsExternal: "0074",
    TypeTaken: "0108",
    NoType: "0138",
    StillUsed: "1001",
}


class Refused(Exception):
    """A request that is answered with the fault of `code`: about an `entity`, with `fields` where it is theirs."""

    def __init__(
        self, code: str, entity: str = "", /, *, fields: Mapping[str, Any] | None = None, **words: str
    ) -> None:
        self.fault = FAULTS[code]
        self.code, self.entity, self.fields = code, entity, fields
        self.words = self.fault.words.format(**{"entity": entity or "record"} | words)
        super().__init__(f"{code} {self.words}")

    def body(self) -> dict[str, Any]:
        """The answer as Midaz words it."""
        more = {"entityType": self.entity, "fields": self.fields}
        said = {"code": self.code, "title": self.fault.title, "message": self.words}
        return said | {name: value for name, value in more.items() if value}


def told(refusal: Refusal, entity: str = "") -> Refused:
    """What a rule of the record refuses, as it is answered."""
    return Refused(OF_RULES[type(refusal)], entity, why=str(refusal))


# Where a value of the query is at fault, the field alone says which fault it is.
OF_QUERY = {
    "limit": "0080",
    "sort_order": "0081",
    "cursor": "0082",
    "start_date": "0131",
    "end_date": "0131",
}
# First what could not be read at all, then what is not known, what lacks, and what can't be used.
TYPES = ("_type", "json_invalid", "_parsing", "dict_attributes_type", "is_instance_of")


def of_validation(faults: Sequence[Mapping[str, Any]], *, body: bytes = b"") -> Refused:
    """The one fault that Midaz would name among those that pydantic found, the gravest kind first.

    `body` is the request's as it came: unknown fields are shown as they were said.
    """
    found = [_Found(fault) for fault in faults]
    for one in found:
        if one.source == "path":
            return Refused("0065", fields={one.name: one.words})
        if one.source == "query":
            code = OF_QUERY.get(one.name, "0047")
            return Refused(code, fields={one.name: one.words})
    if wrong := next((one for one in found if one.is_of_type), None):
        where = f"Invalid value for field '{wrong.name}': {wrong.words}" if wrong.name else wrong.words
        return Refused("0094", fields={wrong.name: wrong.words} if wrong.name else None, why=where)
    if extra := [one for one in found if one.kind == "extra_forbidden"]:
        return Refused("0053", fields={one.name: _said(body, one.path) for one in extra})
    if missing := [one for one in found if one.kind in ("missing", "string_too_short")]:
        return Refused("0009", fields={one.name: f"{one.name} is required" for one in missing})
    coded = next((one for one in found if one.kind in FAULTS), None)
    fields = {one.name: one.words for one in found}
    return Refused(coded.kind, fields=fields, **coded.context) if coded else Refused("0047", fields=fields)


def _said(body: bytes, path: Sequence[str]) -> Any:
    """What the body says at a place in it."""
    found = json.loads(body)
    for name in path:
        found = found[int(name)] if isinstance(found, list) else found[name]
    return found


class _Found:
    """One fault as pydantic tells it; ninja puts before the field where it stood: path, query, body and its name."""

    def __init__(self, fault: Mapping[str, Any]) -> None:
        place = [str(part) for part in fault["loc"]]
        self.source = place[0] if place else "body"
        self.path = place[2 if self.source == "body" else 1 :]
        self.name = ".".join(self.path)
        self.kind, self.words = fault["type"], fault["msg"]
        self.context = {key: str(value) for key, value in fault.get("ctx", {}).items()}
        if self.kind == "missing" and len(place) <= 2 and self.source == "body":
            self.kind, self.name, self.words = "json_invalid", "", "The request has no body."

    @property
    def is_of_type(self) -> bool:
        return self.kind.endswith(TYPES) or self.kind.startswith(TYPES)
