"""An attribute that a letter has a place for stays: without it the letter could not be written."""

import re
from functools import partial
from html import unescape
from typing import Any

import pytest
from django.test import Client

from communications.models import Message, Template
from communications.rendering.content import Content
from communications.rendering.environment import faults
from console.customers.keeping import Fixed, InAnother, keep_attribute
from console.customers.models import Attribute
from console.keeping import StillUsed, end
from console.organizations.models import Organization, Staff
from tests.api.conftest import Call
from tests.api.conftest import call as call
from tests.communications.factories import a_template, communication, customers, segment_with, sent_by
from tests.conftest import signed_in
from tests.factories import NOW, CustomerFactory, OrganizationFactory
from tests.races import racing

pytestmark = pytest.mark.django_db


@pytest.fixture
def tier(nordbank: Organization) -> Attribute:
    made: Attribute = nordbank.attributes.create(entity="customers", key="loyalty.tier", type="text")
    return made


def letter(bank: Organization, html: str, name: str = "Welcome") -> Template:
    return a_template(bank, Content(subject="Hello", html=html, text=""), name=name)


@pytest.mark.parametrize(
    "html",
    [
        "<p>{{ customer.custom_data.loyalty.tier }}</p>",
        '<p>{{ customer["custom_data"]["loyalty"].tier | upcase }}</p>',
        "{% if customer.custom_data.loyalty.tier == 'gold' %}Gold{% endif %}",
    ],
)
def test_it_stays_while_a_template_writes_it(
    nordbank: Organization, alice: Staff, call: Call, tier: Attribute, html: str
) -> None:
    letter(nordbank, html)
    with pytest.raises(StillUsed, match="The template “Welcome” writes it"):
        end(tier, at=NOW)
    client: Client = signed_in(alice)
    url = nordbank.url("attributes:attribute_delete", tier.pk)
    assert "The template “Welcome” writes it" in client.get(url).text
    client.post(url)
    status, problem = call("DELETE", f"/attributes/{tier.pk}")
    assert (status, "Welcome" in problem["detail"]) == (409, True)
    assert Attribute.objects.filter(pk=tier.pk).exists()
    tier.key = "tier"
    with pytest.raises(Fixed, match="“Loyalty tier” is in use"):
        keep_attribute(tier)


@pytest.mark.parametrize(
    "html", ["<p>loyalty.tier</p>", "{% comment %}{{ customer.custom_data.loyalty.tier }}{% endcomment %}"]
)
def test_words_like_its_key_do_not_keep_it(nordbank: Organization, tier: Attribute, html: str) -> None:
    letter(nordbank, html)
    end(tier, at=NOW)
    assert not Attribute.objects.filter(pk=tier.pk).exists()


def test_another_banks_template_does_not_keep_it(tier: Attribute) -> None:
    other = Attribute.objects.create(
        organization=OrganizationFactory(), entity="customers", key="loyalty.tier", type="text"
    )
    letter(other.organization, "{{ customer.custom_data.loyalty.tier }}")
    end(tier, at=NOW)
    assert Attribute.objects.get() == other


def test_letters_that_wait_keep_it_after_the_template_was_changed(
    nordbank: Organization, alice: Staff, tier: Attribute
) -> None:
    template = letter(nordbank, "<p>{{ customer.custom_data.loyalty.tier }}</p>")
    segment = segment_with(nordbank, *customers(nordbank, 1))
    sent_by(communication(nordbank, segment, template=template), alice)
    template.save_version(Content(subject="Hello", html="<p>You</p>", text=""), by=None, at=NOW, based_on=1)
    with pytest.raises(StillUsed, match="Welcome"):
        end(tier, at=NOW)
    Message.objects.update(state="sent")
    end(tier, at=NOW)


@pytest.mark.parametrize("key", ["loyalty", "loyalty.tier.since"])
def test_a_key_is_a_value_or_holds_others(nordbank: Organization, tier: Attribute, key: str) -> None:
    other = Attribute(organization=nordbank, entity="customers", key=key, type="text")
    with pytest.raises(InAnother, match=r"“loyalty\.tier” is declared"):
        keep_attribute(other)
    other.entity = "accounts"
    keep_attribute(other)
    other.entity = "customers"
    with pytest.raises(InAnother):
        keep_attribute(other)
    tier.label = "Tier"
    keep_attribute(tier)


@pytest.mark.django_db(transaction=True)
def test_who_deletes_it_and_who_writes_it_at_once_are_told_of_each_other(
    nordbank: Organization, alice: Staff
) -> None:
    client = signed_in(alice)
    said = {"subject": "Hello", "html": "{{ customer.custom_data.tier }}", "text": "", "based_on": "0"}
    with racing() as at_once:
        for turn in range(12):
            made = nordbank.attributes.create(entity="customers", key="tier", type="text")
            at_once(
                partial(client.post, nordbank.url("attributes:attribute_delete", made.pk)),
                partial(
                    client.post, nordbank.url("communications:template_create"), said | {"name": f"T{turn}"}
                ),
            )
            is_written = Template.objects.filter(name=f"T{turn}").exists()
            assert Attribute.objects.filter(pk=made.pk).exists() == is_written
            Template.objects.update(version=None)
            Template.objects.all().delete()
            Attribute.objects.all().delete()


WORDS_OF_LIQUID = [
    *(
        "true",
        "false",
        "nil",
        "null",
        "and",
        "or",
        "not",
        "contains",
        "empty",
        "blank",
        "in",
        "if",
        "else",
        "for",
    ),
    *(
        "with",
        "as",
        "0",
        "12",
        "2fa",
        "-",
        "-old",
        "new-",
        "_",
        "size",
        "first",
        "last",
        "a.true.0",
        "address.size",
    ),
]


@pytest.mark.parametrize("key", WORDS_OF_LIQUID)
def test_every_field_that_is_offered_can_be_saved_and_written_to_a_customer(
    nordbank: Organization, alice: Staff, key: str
) -> None:
    keep_attribute(Attribute(organization=nordbank, entity="customers", key=key, type="text", label="Odd"))
    data: Any = "Gold & more"
    for part in reversed(key.split(".")):
        data = {part: data}
    customer = CustomerFactory(organization=nordbank, custom_data=data)
    client = signed_in(alice)
    form = client.get(nordbank.url("communications:template_create")).text
    offered = unescape(re.findall(r'data-copy="([^"]*)" aria-label="Copy the field Odd"', form)[0])
    html = f"<p>{offered}</p>{{% if {offered.strip('{} ')} contains 'Gold' %}}<p>Known</p>{{% endif %}}"
    said = {"name": "Odd", "subject": offered, "html": html, "text": "", "based_on": "0"}
    saved = client.post(nordbank.url("communications:template_create"), said)
    assert saved.status_code == 302, saved.text
    template = nordbank.templates.get()
    shown = client.get(
        nordbank.url("communications:template_preview", template.pk), {"customer": customer.pk}
    )
    assert "<p>Gold &amp; more</p><p>Known</p>" in shown.text
    with pytest.raises(StillUsed, match="The template “Odd” writes it"):
        end(nordbank.attributes.get(), at=NOW)


def test_a_hint_names_a_field_as_it_can_be_written() -> None:
    assert [
        str(one) for one in faults("text", "{{ customer.custom_data.trve }}", ["customer.custom_data.true"])
    ] == ["Line 1: There is no field “customer.custom_data.trve”. Did you mean customer.custom_data['true']?"]
