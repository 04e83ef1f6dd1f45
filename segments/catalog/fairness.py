"""Facts of people on which lending must not rest, and facts that stand for them: why staff are asked to think twice.

Sources: Regulation B of the Equal Credit Opportunity Act (12 CFR 1002.2(z), 1002.4); Directive (EU) 2023/2225 on
consumer credit, Article 6, with Article 21 of the Charter of Fundamental Rights of the European Union; Council
Directive 2004/113/EC on sex. docs/fair-lending.md says what the console does about them.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Care:
    """One such ground. `words` are those by which an attribute's path gives itself away, `stems` beginnings."""

    key: str
    label: str
    why: str
    words: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """By what it is noticed, in words: “age, dob, birth…”."""
        return ", ".join([*self.words, *(f"{stem}…" for stem in self.stems)])


CARES = (
    Care(
        "age",
        "age",
        "Age may not decide who is offered credit, or on which terms, but for whether somebody may sign at all.",
        ("age", "dob", "born"),
        ("birth",),
    ),
    Care(
        "sex",
        "sex",
        "Sex may not decide who is offered a service, or what it costs.",
        ("sex",),
        ("gender", "salutation"),
    ),
    Care(
        "family",
        "family",
        "Whether somebody is married, or has or expects children, may not decide who is offered credit.",
        ("children", "spouse", "family"),
        ("marital", "married", "pregnan", "dependant", "dependent"),
    ),
    Care(
        "origin",
        "origin",
        "Nationality, ethnic origin and language may not decide who is offered a service; a name gives them away.",
        ("race", "origin", "language", "birthplace"),
        ("national", "citizen", "ethnic"),
    ),
    Care(
        "belief",
        "belief",
        "Religion, belief and political opinion may not decide who is offered a service.",
        ("church", "faith", "belief"),
        ("relig", "politic"),
    ),
    Care(
        "health",
        "health",
        "Disability and health may not decide who is offered a service.",
        (),
        ("disab", "health", "handicap"),
    ),
    Care(
        "place",
        "where somebody lives",
        "A place smaller than a country often stands for origin or income: leaving districts out is redlining.",
        (
            "city",
            "town",
            "region",
            "district",
            "county",
            "street",
            "zip",
            "neighbourhood",
            "neighborhood",
            "municipality",
        ),
        ("postal", "postcode", "address", "suburb"),
    ),
    Care(
        "benefits",
        "public benefits",
        "That income comes from public assistance may not decide who is offered credit.",
        ("benefits", "welfare"),
        ("unemploy",),
    ),
)
BY_KEY = {care.key: care for care in CARES}


def care_of(path: str) -> str:
    """The key of the ground that the words of an attribute's path give away: “address.city” is where somebody lives."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", path)
    for word in (each.lower() for each in words):
        for care in CARES:
            if word in care.words or word.startswith(care.stems or ("\0",)):
                return care.key
    return ""
