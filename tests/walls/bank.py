"""A bank with one of everything that an address can name."""

import io
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db.models import CharField, F, Value
from django.db.models.functions import Concat

from alerts.decisions import decide
from console.billing.evaluating import evaluate
from console.billing.keeping import keep_consent
from console.imports.sniffing import look
from console.organizations import approving, scope, walls
from console.organizations.models import AuditEvent, Invitation, Organization, Role, Staff
from segments.bulk.asking import ask
from segments.models import Draft
from tests.alerts.bank import banner_on, book, campaign_on, judge, later, watching
from tests.communications.factories import an_endpoint, communication, segment_with, sent_by
from tests.factories import (
    NOW,
    AccountFactory,
    AccountHolderFactory,
    ConnectorLinkFactory,
    ContactFactory,
    CustomerFactory,
    InvoiceFactory,
    LedgerFactory,
    MonitorFactory,
    OrganizationFactory,
    PaymentMethodFactory,
    PortfolioFactory,
    StaffFactory,
    a_key,
)
from tests.segments.tags import a_tag


def furnished(slug: str, mark: str) -> tuple[Organization, list[UUID]]:
    """A bank with people in every role and one of everything, each named with `mark`; and the ids of all that."""
    bank = OrganizationFactory(slug=slug, name=f"{mark} bank")
    for role in Role.values:
        StaffFactory(organization=bank, user__name=f"{mark} {role}", role=role)
    admin = bank.staff.get(role=Role.ADMIN)
    things = [
        *record(bank, mark),
        *bills(bank, mark),
        *conversation(bank, admin, mark),
        *watch(bank, admin, mark),
        *work(bank, admin, mark),
    ]
    mark_all(bank, mark)
    events = bank.audit_events.filter(name__startswith=mark).order_by("pk")[:1]
    return bank, [thing.pk for thing in [*things, *events]]


def mark_all(bank: Organization, mark: str) -> None:
    """Whatever has a name tells whose it is."""
    with scope.inside(bank):
        for model in walls.belonging():
            if model not in (Organization, AuditEvent) and any(f.name == "name" for f in model._meta.fields):
                rows = model._base_manager.exclude(name__startswith=mark)
                rows.update(name=Concat(Value(f"{mark} "), F("name"), output_field=CharField()))


def record(bank: Organization, mark: str) -> list[Any]:
    ledger = LedgerFactory(organization=bank, name=f"{mark} ledger")
    portfolio = PortfolioFactory(ledger=ledger, name=f"{mark} portfolio")
    account = AccountFactory(organization=bank, ledger=ledger, portfolio=portfolio, name=f"{mark} account")
    customer = CustomerFactory(organization=bank, name=f"{mark} customer", email=f"{bank.slug}@mail.example")
    AccountHolderFactory(organization=bank, account=account, customer=customer)
    kind = ledger.account_types.create(organization=bank, name=f"{mark} type", key_value="other")
    tag = a_tag(bank, f"{mark} tag")
    tier = bank.attributes.create(entity="customers", key="tier", type="text", label=f"{mark} tier")
    admin = bank.staff.get(role=Role.ADMIN)
    many = ask(bank, "block", bank.accounts.all(), by=admin, at=NOW, chosen=f"{mark} accounts")
    return [ledger, portfolio, account, customer, ledger.assets.get(), kind, tag, many, tier]


def bills(bank: Organization, mark: str) -> list[Any]:
    customer, admin = bank.customers.get(), bank.staff.get(role=Role.ADMIN)
    invoice = InvoiceFactory(customer=customer, number=f"{mark} bill", due_on=NOW.date())
    invoice.pay(Decimal(1), by=admin, at=NOW)
    link = ConnectorLinkFactory(customer=customer, connector__name=f"{mark} connector")
    method = PaymentMethodFactory(customer=customer, connector=link.connector, details=f"{mark} card")
    contact = ContactFactory(customer=customer, name=f"{mark} contact")
    keep_consent(customer, "email", "billing", is_given=True, by=admin, at=NOW)
    monitor = MonitorFactory(organization=bank, name=f"{mark} monitor", figure="unpaid")
    evaluate(monitor, at=NOW)
    return [invoice, link, link.connector, method, contact, monitor]


def conversation(bank: Organization, admin: Staff, mark: str) -> list[Any]:
    segment = segment_with(bank, bank.customers.get(), name=f"{mark} segment")
    letters = communication(bank, segment, name=f"{mark} letters")
    assert letters.version
    run = sent_by(letters, admin)
    endpoint = an_endpoint(bank)
    communication(bank, segment, endpoint=endpoint, name=f"{mark} hooks")
    rules = {"combinator": "and", "rules": [{"field": "name", "operator": "=", "value": mark}]}
    version = segment.versions.create(number=1, definition=rules, created_at=NOW)
    counted = segment.runs.create(
        organization=bank, version=version, state="done", members=1, requested_at=NOW, started_at=NOW
    )
    return [segment, letters, letters.version.template, run, bank.messages.get(), endpoint, counted]


def watch(bank: Organization, admin: Staff, mark: str) -> list[Any]:
    account = bank.accounts.get()
    book(account, "500", at=later(days=-1))
    campaign = watching(admin, account, name=f"{mark} campaign")
    banner = banner_on(campaign, admin, title=f"{mark} banner")
    book(account, "-450", at=later(5))
    judge(bank, at=later(5))
    decide(bank, customer=bank.customers.get().opaque_id, placement=banner.placement, at=later(6))
    planned = campaign_on(campaign.segment, name=f"{mark} next")
    waiting = approving.ask("campaign", planned.pk, by=admin, at=NOW)
    return [campaign, banner, bank.alerts.get(), waiting, planned]


def work(bank: Organization, admin: Staff, mark: str) -> list[Any]:
    content = io.BytesIO(f"customer_ref,name\nX1,{mark} person\n".encode())
    upload = bank.import_runs.receive(
        content, f"{mark}.csv", look(content), kind="customers", by=admin, at=NOW
    )
    within = str(bank.segments.get(name=f"{mark} segment").pk)
    rules = {
        "combinator": "and",
        "rules": [
            {"field": "name", "operator": "=", "value": mark},
            {"field": "segment", "operator": "in", "value": [within]},
        ],
    }
    draft = Draft.objects.create(
        organization=bank, staff=admin, name=f"{mark} draft", definition=rules, kept_at=NOW
    )
    key, _ = a_key(bank, name=f"{mark} app")
    viewer = bank.staff.get(role=Role.VIEWER)
    invitation, _ = Invitation.objects.invite(
        bank, email=f"{mark}@new.example", role=Role.VIEWER, by=admin, at=NOW
    )
    bank.export_minimum = 0
    bank.save()
    export = approving.ask(
        "export",
        uuid4(),
        by=admin,
        at=NOW,
        given={"query": "sort=external_id&columns=name", "purpose": f"{mark} letters"},
    )
    return [upload, draft, key, viewer.user, invitation, export]
