"""How a value that names a person is shown to whom: the one place that decides.

Staff whose role has “personal.view” read everything. Others see enough to tell rows apart and nothing to write to, call
or look up; a reveal (`console.customers.models.Reveal`) opens named parts of one customer for one page view.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from console.organizations.access import may
from console.organizations.models import Staff

DOTS = "•••"
DATE = re.compile(r"(\d{4})-\d{2}-\d{2}")
# A run of letters and digits as account numbers, cards and IBANs have it, in groups or not: eight digits or more.
NUMBER = re.compile(r"\b[A-Z]{0,2}\d(?:[ /-]?[A-Z]{0,4}\d){7,}\b")
EMAIL = re.compile(r"[^\s<>()\[\]\",;:@]+@[^\s<>()\[\]\",;:@]+")
# Words in the key of custom data that say: this describes one person.
PERSONAL = re.compile(
    r"(^|[._])(birth|born|dob|address|street|city|zip|post(al)?_?code|phone|mobile|e_?mail|tax|passport|national|"
    r"identity|ssn|iban|card|account|first_?name|last_?name|surname|maiden|spouse|contact|employer|health|religion)",
    re.IGNORECASE,
)

CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")

# What a reveal may open, in the order of its form.
PARTS = (("name", "Name"), ("email", "Email"), ("phone", "Phone"), ("data", "Personal data"))


def mask_name(name: str) -> str:
    """Jana Nováková -> J••• N•••: the first and the last word's first letter, however many words there are."""
    words = name.split()
    return " ".join(f"{first_letter(word)}{DOTS}" for word in words[:1] + words[1:][-1:])


def mask_email(email: str) -> str:
    """jana.novakova@mail.example -> j•••@m•••.example; what is no address is all dots."""
    mailbox, at, domain = email.rpartition("@")
    if not at:
        return DOTS if email else ""
    host, dot, top = domain.rpartition(".") if "." in domain else (domain, "", "")
    return f"{first_letter(mailbox)}{DOTS}@{first_letter(host)}{DOTS}{dot}{top}"


def mask_phone(phone: str) -> str:
    """+420 601 234 589 -> ••• 89; a number of fewer than six digits is all dots."""
    return _ending(phone, 2, least=6)


def mask_number(number: str) -> str:
    """CZ65 0800 0000 1920 0014 5399 -> ••• 5399; one of fewer than eight digits is all dots."""
    return _ending(number, 4, least=8)


def mask_text(text: str) -> str:
    """Free text with every address, account, card and phone number in it masked; words stay."""
    return NUMBER.sub(
        lambda found: mask_number(found[0]), EMAIL.sub(lambda found: mask_email(found[0]), text)
    )


def mask_value(value: Any) -> Any:
    """Personal custom data of any type: of a date its year, of anything else only that there is something."""
    if value is None or value in ("", [], {}):
        return value
    if isinstance(value, date):
        return str(value.year)
    if isinstance(value, str) and (found := DATE.match(value)):
        return found[1]
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return mask_number(value)
    return DOTS


def first_letter(word: str) -> str:
    """A letter with the accents written after it; nothing of a word of one letter, since that would be all of it."""
    end = 1
    while end < len(word) and unicodedata.combining(word[end]):
        end += 1
    return word[:end] if len(word) > end else ""


def _ending(text: str, shown: int, *, least: int) -> str:
    digits = [sign for sign in text if sign.isalnum()]
    if not digits:
        return DOTS if text.strip() else ""
    return f"{DOTS} {''.join(digits[-shown:])}" if len(digits) >= least else DOTS


def looks_personal(key: str) -> bool:
    """Whether custom data under `key` describes one person, as far as its name tells: staff can decide otherwise."""
    words = CAPITAL.sub("_", key).replace("-", "_")
    return bool(PERSONAL.search(words))


@dataclass(frozen=True)
class Sight:
    """What somebody may read of personal data. Nobody's sight, the default, is masked."""

    is_clear: bool = False
    revealed: frozenset[str] = frozenset()

    def sees(self, part: str) -> bool:
        """Whether `part`, of PARTS, is shown as it is."""
        return self.is_clear or part in self.revealed

    def name(self, row: Any) -> str:
        """What a customer or an account is called: its name, masked, or the bank's own id where it has none."""
        return (row.name if self.sees("name") else mask_name(row.name)) or row.external_id

    def name_alone(self, name: str | None) -> str:
        """A name that came without its row."""
        return (name or "") if self.sees("name") else mask_name(name or "")

    def email(self, email: str) -> str:
        return email if self.sees("email") else mask_email(email)

    def phone(self, phone: str) -> str:
        return phone if self.sees("phone") else mask_phone(phone)

    def alias(self, alias: str) -> str:
        """The second name of an account, which people choose themselves."""
        return alias if self.sees("name") or not alias else DOTS

    def text(self, text: str) -> str:
        """What a booking or a mail server says."""
        return text if self.is_clear else mask_text(text)

    def party(self, name: str, *, is_customer: bool) -> str:
        """The other side of a booking: customers of the bank are masked, whatever was revealed of somebody else."""
        return mask_name(name) if is_customer and not self.is_clear else self.text(name)

    def data(self, value: Any, *, is_personal: bool) -> Any:
        """Custom data or metadata; `is_personal` as its attribute says, and true where nobody declared it."""
        return value if self.sees("data") or not is_personal else mask_value(value)


CLEAR, MASKED = Sight(is_clear=True), Sight()


def sight_of(staff: Staff) -> Sight:
    """What the role of `staff` lets them read."""
    return CLEAR if may(staff, "personal.view") else MASKED
