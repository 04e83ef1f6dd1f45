"""What can be asked of many customers at once."""

from typing import Any

from django.db import models
from django.db.models import CharField, Expression, F, Func, Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Contains, Exact, StartsWith

from console.customers.masking import EMAIL, NUMBER, Sight
from console.organizations.fields import Fold


class CustomerQuerySet(models.QuerySet[Any]):
    """Customers of one organization, reached as `organization.customers`."""

    def matching(self, text: str, sight: Sight) -> "CustomerQuerySet":
        """Those whose external id or email begins with `text`, or whose name has its words in any order and writing.

        Fewer than three letters give the trigram index nothing to look for: they are the beginning of a name. Who sees
        names masked must know them whole, else the list would spell them out letter by letter.
        """
        if not sight.is_clear:
            return self.filter(Q(external_id__startswith=text) | exactly(text))
        begins = Q(external_id__startswith=text) | Q(StartsWith(Lower("email"), Value(text.lower())))
        return self.filter(begins | named(text))

    def named(self, text: str, sight: Sight) -> "CustomerQuerySet":
        """Those whose name has the words of `text`; for masked eyes those whose name it is."""
        return self.filter(named(text) if sight.is_clear else Q(name_folded=Fold(Value(text))))


def exactly(text: str) -> Q:
    """The condition that `text` is the whole name, email or phone number."""
    if not text:
        return Q(pk__in=[])
    whole = Q(Exact(Lower("email"), Value(text.lower()))) | Q(phone=text)
    return whole | Q(name_folded=Fold(Value(text)))


def named(text: str) -> Q:
    """The condition that a name has every word of `text`, whatever order, case and accents."""
    words = text.split()
    if not any(len(word) > 2 for word in words):
        return Q(StartsWith(F("name_folded"), Fold(Value(text))))
    return Q(*(Q(Contains(F("name_folded"), Fold(Value(word)))) for word in words))


def as_seen(field: str, sight: Sight) -> Expression | F:
    """Free text to search in: for masked eyes without the addresses and numbers that they do not see.

    Else a search for "1", "19", "192" would spell an account number that the list shows as dots.
    """
    text: Expression | F = F(field)
    for hidden in () if sight.is_clear else (EMAIL, NUMBER):
        pattern = Value(hidden.pattern.replace(r"\b", r"\y"))
        text = Func(
            text, pattern, Value(" "), Value("g"), function="regexp_replace", output_field=CharField()
        )
    return text
