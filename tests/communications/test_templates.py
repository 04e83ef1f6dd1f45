"""Writing templates: versions, faults at their place, what is typed is never lost, previews of what is not saved."""

from typing import Any

import pytest

from communications.models import Template
from communications.models.templates import Overtaken
from communications.rendering.content import Content
from console.organizations.models import Organization, Staff
from tests.communications.factories import CONTENT, a_template
from tests.conftest import signed_in
from tests.factories import NOW, CustomerFactory

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "Autumn letter",
    "subject": "Hello {{ customer.name }}",
    "html": "<p>Dear {{ customer.name }}</p>",
}


def test_a_template_is_written_and_shown_for_a_real_customer(nordbank: Organization, alice: Staff) -> None:
    CustomerFactory.create(organization=nordbank, name="Ingrid Solheim", external_id="C77")
    CustomerFactory.create(organization=nordbank, name="Tomáš Říha")
    client = signed_in(alice)
    response = client.post(nordbank.url("communications:template_create"), TYPED)
    template = Template.objects.get()
    assert response.headers["Location"] == template.get_absolute_url()
    assert template.version
    assert (template.version.number, template.version.created_by) == (1, alice)
    page = client.get(template.get_absolute_url(), {"q": "riha"}).content.decode()
    assert "As Tomáš Říha gets it" in page
    assert "Hello Tomáš Říha" in page
    assert "written from the HTML" in page


def test_faults_stand_at_their_part_and_nothing_typed_is_lost(nordbank: Organization, alice: Staff) -> None:
    typed = TYPED | {"html": "<p>\n{{ customer.nmae }}</p>", "text": "{{ oops }}"}
    response = signed_in(alice).post(nordbank.url("communications:template_create"), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Line 2: There is no field “customer.nmae”. Did you mean customer.name?" in page
    assert "Line 1: There is no field “oops”." in page
    assert "{{ customer.nmae }}" in page
    assert not Template.objects.exists()


def test_script_in_the_html_is_refused(nordbank: Organization, alice: Staff) -> None:
    typed = TYPED | {"html": "<script>x</script>"}
    page = signed_in(alice).post(nordbank.url("communications:template_create"), typed).content.decode()
    assert "&lt;script&gt; does not work in email" in page


@pytest.mark.parametrize("name", ["autumn LETTER", "Autumn letter "])
def test_a_name_is_taken_whatever_its_case(name: str, nordbank: Organization, alice: Staff) -> None:
    a_template(nordbank, name="Autumn letter")
    typed = TYPED | {"name": name}
    page = signed_in(alice).post(nordbank.url("communications:template_create"), typed).content.decode()
    assert "There is a template with this name already" in page


def test_each_save_is_a_version_and_the_same_words_are_none(nordbank: Organization, alice: Staff) -> None:
    template = a_template(nordbank)
    template.save_version(CONTENT, by=alice, at=NOW, based_on=1)
    assert template.versions.count() == 1
    template.save_version(Content("New", "<p>New</p>"), by=alice, at=NOW, based_on=1)
    assert [version.number for version in template.versions.all()] == [2, 1]


def test_whoever_saves_second_is_told_and_keeps_what_they_typed(
    nordbank: Organization, alice: Staff, bob: Staff
) -> None:
    template = a_template(nordbank, name="Autumn letter")
    template.save_version(Content("Bob's", "<p>Bob's</p>"), by=bob, at=NOW, based_on=1)
    with pytest.raises(Overtaken):
        template.save_version(Content("Late", "<p>Late</p>"), by=alice, at=NOW, based_on=1)
    url = nordbank.url("communications:template_edit", template.pk)
    page = signed_in(alice).post(url, TYPED | {"name": "Renamed", "based_on": "1"}).content.decode()
    assert "Bob Analyst saved version 2 while you were editing" in page
    assert "Dear {{ customer.name }}" in page
    template.refresh_from_db()
    assert (template.name, template.versions.count()) == ("Autumn letter", 2)


def draft(client: Any, bank: Organization, **changes: str) -> str:
    response = client.post(bank.url("communications:template_draft"), TYPED | changes)
    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"].startswith("sandbox;")
    return str(response.content.decode())


def test_what_is_typed_can_be_seen_before_it_is_saved(nordbank: Organization, alice: Staff) -> None:
    CustomerFactory.create(organization=nordbank, name="Ingrid Solheim", external_id="C77")
    client = signed_in(alice)
    assert "<p>Dear Ingrid Solheim</p>" in draft(client, nordbank, customer="C77")
    assert "No customer matches “nobody”." in draft(client, nordbank, customer="nobody")
    assert "There is no field" in draft(client, nordbank, html="{{ oops }}")
    assert not Template.objects.exists()


def test_without_customers_a_preview_shows_sample_values(nordbank: Organization, alice: Staff) -> None:
    assert "Dear Aino Lindqvist" in draft(signed_in(alice), nordbank)


def test_customers_of_another_organization_are_not_shown(
    nordbank: Organization, alice: Staff, charlie: Staff
) -> None:
    foreign = CustomerFactory.create(organization=charlie.organization, name="Foreign Person")
    template = a_template(nordbank)
    for address in ({"customer": str(foreign.pk)}, {"q": "Foreign"}, {"customer": "no id"}):
        assert (
            "Foreign Person"
            not in signed_in(alice).get(template.get_absolute_url(), address).content.decode()
        )
