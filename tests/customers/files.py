"""The customers list as a file, on the way that everybody goes: asked for, approved by another, downloaded."""

from typing import Any

from django.utils.http import urlencode

from console.organizations.models import Approval, Staff
from tests.approvals import another
from tests.conftest import signed_in
from tests.pages import streamed


def ask(staff: Staff, purpose: str = "Letters for May", **data: Any) -> Approval:
    """Ask for the file of the list with these filters."""
    url = f"{staff.organization.url('customers:customer_export')}?{urlencode(data, doseq=True)}"
    answer = signed_in(staff).post(url, {"purpose": purpose})
    assert answer.status_code == 302, answer.content.decode()
    return Approval.objects.filter(kind="export", maker=staff).latest("requested_at")


def decide(approval: Approval, verdict: str = "approved") -> None:
    """Somebody else decides on it."""
    url = approval.organization.url("approval_decide", approval.pk)
    signed_in(another(approval.maker)).post(url, {"verdict": verdict, "comment": "Read."})


def file_url(approval: Approval) -> str:
    return approval.organization.url("customers:customer_download", approval.pk)


def export_of(staff: Staff, **data: Any) -> str:
    """The file, however few are in it."""
    type(staff.organization).objects.filter(pk=staff.organization_id).update(export_minimum=0)
    approval = ask(staff, **data)
    decide(approval)
    return streamed(signed_in(staff), file_url(approval))
