"""Staff: who works here, inviting, another role, the end of somebody's access."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.approvals.words import latest
from console.columns import choose
from console.listing import Listing, show_list
from console.organizations import approving
from console.organizations.access import StaffRequest, allowed, may
from console.organizations.kinds import Impossible
from console.organizations.models import (
    PASSKEY_ROLES,
    AlreadyHere,
    Approval,
    Invitation,
    LastAdmin,
    NotOpen,
    OwnAccess,
    Staff,
)
from console.paging import keyset
from console.roles import permitted
from console.staff.approvals import GONE, HERE, LAST, OWN, end, let_in_again, withdraw
from console.staff.columns import (
    BY_NAME,
    STAFF_COLUMNS,
    asked_words,
    factors,
    state_of,
    with_presence,
    with_request,
)
from console.staff.filtersets import StaffFilters
from console.staff.forms import InviteForm, RoleForm
from console.staff.letters import send_invitation

ASKED = "“{}” is asked for. It counts once somebody else approves it."
ALONE = (
    "“{}” is asked for, but nobody else here can decide yet. Whoever runs the server lets a second person in."
)
UNSENT = "The mail server did not take the letter to {}. Send it again in a while."


@require_safe
@allowed("staff.view")
def staff_list(request: StaffRequest) -> HttpResponse:
    """Everybody who works here or did, and who was invited."""
    filters = StaffFilters(request, with_presence(request.organization.staff.all()))
    page = keyset(filters.rows, request, orders=BY_NAME, default="name")
    listing = Listing(request, "staff", "colleagues", filters, choose(request, "staff", STAFF_COLUMNS), page)
    pending = with_request(request.organization.invitations.pending().select_related("invited_by__user"))
    context = {
        "invitations": pending.order_by("-created_at")[:50],
        "now": timezone.now(),
        "may_manage": may(request.staff, "staff.manage"),
    }
    return show_list(request, "staff/staff_list.html", listing, **context)


@require_safe
@allowed("staff.view")
def staff_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One person: role, what it permits, factors, when seen."""
    person = _person(request, pk)
    context = {
        "person": person,
        "state": state_of(person),
        "asked": asked_words(person),
        "approval": latest(request.staff, "role", person.user_id),
        "factors": factors(person),
        "permits": permitted(person.role),
        "form": RoleForm(initial={"role": person.role}),
        "may_manage": may(request.staff, "staff.manage") and person.pk != request.staff.pk,
        "needs_passkey": person.role in PASSKEY_ROLES,
    }
    return render(request, "staff/staff_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("staff.manage")
def staff_invite(request: StaffRequest) -> HttpResponse:
    """Invite an address in a role; into one that decides or administers it is asked for."""
    form = InviteForm(request.organization, request.POST or None)
    if form.is_valid():
        try:
            invitation, token = form.save(by=request.staff, at=timezone.now())
        except AlreadyHere:
            form.add_error("email", HERE)
        else:
            if token:
                _send(request, invitation, token)
            else:
                _asked(request, form.ask(invitation, by=request.staff, at=timezone.now()))
            return redirect(request.organization.url("staff:staff_list"))
    return render(request, "staff/staff_invite.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@allowed("staff.manage")
def invitation_resend(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A new letter with a new link; the old one opens nothing any more."""
    invitation = _invitation(request, pk)
    try:
        token = invitation.resend(by=request.staff, at=timezone.now())
    except NotOpen:
        messages.error(request, GONE)
    else:
        _send(request, invitation, token)
    return redirect(request.organization.url("staff:staff_list"))


@require_POST
@allowed("staff.manage")
def invitation_withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Let nobody in by it."""
    invitation = _invitation(request, pk)
    try:
        withdraw(invitation, by=request.staff, at=timezone.now())
        messages.success(request, f"The invitation of {invitation.email} is withdrawn")
    except NotOpen:
        messages.error(request, GONE)
    return redirect(request.organization.url("staff:staff_list"))


@require_POST
@allowed("staff.manage")
def staff_role(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask for another role: it counts when somebody else has approved it, from the person's next page on."""
    person, form = _person(request, pk), RoleForm(request.POST)
    if form.is_valid():
        given, comment = {"role": form.cleaned_data["role"]}, form.cleaned_data["comment"]
        try:
            asked = approving.ask(
                "role", person.user_id, by=request.staff, at=timezone.now(), given=given, comment=comment
            )
            _asked(request, asked)
        except Impossible as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, "Choose a role.")
    return redirect(person)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("staff.manage")
def staff_access(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Say what it means to end somebody's access, then end it; or let them in again."""
    person, at = _person(request, pk), timezone.now()
    if request.method != "POST" and person.ended_at is None and person.pk != request.staff.pk:
        return render(request, "staff/staff_end.html", {"person": person})
    if request.method != "POST":
        return redirect(person)
    try:
        if request.POST.get("access") == "resume":
            if asked := let_in_again(person, by=request.staff, at=at):
                _asked(request, asked)
            else:
                messages.success(request, f"{person} can come in again")
        else:
            end(person, by=request.staff, at=at)
            messages.success(request, f"{person} can’t come in any more")
    except Impossible as refusal:
        messages.error(request, str(refusal))
    except (OwnAccess, LastAdmin) as refusal:
        messages.error(request, OWN if isinstance(refusal, OwnAccess) else LAST)
    return redirect(person)


def _asked(request: StaffRequest, approval: Approval) -> None:
    """Say that it waits; in plain words where nobody could decide."""
    if approving.deciders(approval):
        messages.success(request, ASKED.format(approval))
    else:
        messages.warning(request, ALONE.format(approval))


def _send(request: StaffRequest, invitation: Invitation, token: str) -> None:
    if send_invitation(invitation, token):
        messages.success(request, f"An invitation is on its way to {invitation.email}")
    else:
        messages.error(request, UNSENT.format(invitation.email))


def _person(request: StaffRequest, pk: UUID) -> Staff:
    """By the id of the person, which is the same wherever they work."""
    found: Staff = get_object_or_404(with_presence(request.organization.staff.all()), user_id=pk)
    return found


def _invitation(request: StaffRequest, pk: UUID) -> Invitation:
    found: Invitation = get_object_or_404(
        request.organization.invitations.select_related("organization"), pk=pk
    )
    return found
