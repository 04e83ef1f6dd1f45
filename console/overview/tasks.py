"""What is broken and what waits for a person: each a line with the button that leads to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, Subquery

from alerts.models import Banner, Campaign
from communications.models import Message
from console.imports.models import ImportRun
from console.organizations import approving
from console.organizations.access import may
from console.organizations.models import Organization, Staff
from segments.models import Draft, Run

RECENT, LATELY = timedelta(days=7), timedelta(days=2)
SHOWN = 5


@dataclass(frozen=True)
class Task:
    """A line: the state in a word with its tone, what it is about, why, and where to go on."""

    word: str
    tone: str
    heading: str
    hint: str
    url: str
    label: str


def broken(organization: Organization, staff: Staff, *, at: datetime) -> list[Task]:
    """What stopped, what may have gone out twice or not at all, what kept old members."""
    return [
        *stopped_imports(organization, at=at),
        *uncertain_messages(organization, staff),
        *switched_off_endpoints(organization),
        *stale_segments(organization),
        *moved_segments(organization, at=at),
    ]


def stopped_imports(organization: Organization, *, at: datetime) -> list[Task]:
    """Imports of the last days that failed, or that ended with rows refused."""
    recent = organization.import_runs.filter(created_at__gte=at - RECENT, is_dry_run=False)
    faulty = recent.filter(Q(state=ImportRun.State.FAILED) | Q(state=ImportRun.State.DONE, rejected__gt=0))
    stopped_first = faulty.order_by("-state", "-created_at", "-pk")  # failed, then done
    return [_import_task(run) for run in stopped_first[:SHOWN]]


def _import_task(run: ImportRun) -> Task:
    url = run.get_absolute_url()
    if run.state == ImportRun.State.FAILED:
        hint = run.error.splitlines()[0] if run.error else "Everything before it is in."
        return Task(
            "Stopped", "bad", f"Import “{run}” stopped at line {run.line:,}", hint, url, "Open import"
        )
    heading = f"Import “{run}” refused {run.rejected:,} row{'s' if run.rejected != 1 else ''}"
    return Task("Waits", "warn", heading, f"{run.accepted:,} are in.", url, "See why")


def uncertain_messages(organization: Organization, staff: Staff) -> list[Task]:
    """Communications of which nobody knows whether some messages arrived. Who may not decide is led to the messages."""
    may_decide, log = may(staff, "communications.send"), organization.url("communications:message_list")
    uncertain = organization.messages.filter(state=Message.State.UNCERTAIN).order_by()
    counted = uncertain.values_list("configuration", "configuration__name").annotate(n=Count("pk"))
    return [
        Task(
            "Waits",
            "warn",
            f"{n:,} message{'s' if n != 1 else ''} of “{name}” {'are' if n != 1 else 'is'} uncertain",
            "They were handed over and no answer came back. Nothing repeats until somebody decides.",
            organization.url("communications:configuration_uncertain", key)
            if may_decide
            else f"{log}?configuration={key}&state=uncertain",
            "Decide" if may_decide else "See them",
        )
        for key, name, n in counted.order_by("-n")[:SHOWN]
    ]


def switched_off_endpoints(organization: Organization) -> list[Task]:
    """Webhook endpoints that failed so long that they were switched off."""
    off = organization.endpoints.filter(is_enabled=False).exclude(disabled_reason="").order_by("name")
    return [
        Task(
            "Stopped",
            "bad",
            f"Endpoint “{one}” is off",
            one.disabled_reason,
            one.get_absolute_url(),
            "Open endpoint",
        )
        for one in off[:SHOWN]
    ]


def stale_segments(organization: Organization) -> list[Task]:
    """Segments whose last refresh failed: they keep the members they had."""
    ended = Run.objects.filter(segment=OuterRef("pk"), state__in=[Run.State.DONE, Run.State.FAILED])
    last = ended.order_by("-requested_at")
    segments = organization.segments.filter(archived_at=None).annotate(
        outcome=Subquery(last.values("state")[:1]), fault=Subquery(last.values("error")[:1])
    )
    return [
        Task(
            "Waits",
            "warn",
            f"Segment “{one}” kept its old members",
            (one.fault or "Its refresh failed.").splitlines()[0],
            one.get_absolute_url(),
            "Open segment",
        )
        for one in segments.filter(outcome=Run.State.FAILED).order_by("name")[:SHOWN]
    ]


def moved_segments(organization: Organization, *, at: datetime) -> list[Task]:
    """Segments that moved by more than their owners set, lately."""
    runs = organization.segment_runs.filter(
        news=Run.News.MOVED, finished_at__gte=at - LATELY, segment__archived_at=None
    )
    last = (
        runs.order_by("segment_id", "-finished_at")
        .distinct("segment_id")
        .select_related("segment__organization")
    )
    return [
        Task(
            "Moved",
            "warn",
            f"Segment “{run.segment}” went {run.moved}",
            f"{run.entered or 0:,} entered and {run.left or 0:,} left at once: more than {run.segment.tell_above} %",
            run.segment.get_absolute_url(),
            "Open segment",
        )
        for run in last[:SHOWN]
        if run.segment.tell_above
    ]


def waiting(organization: Organization, staff: Staff, *, at: datetime) -> list[Task]:
    """What goes on only when somebody says so: requests, banners, imports, campaigns, the reader's own drafts."""
    asked = organization.approvals.waiting(at=at)
    subjects = asked.values("subject")
    banners = organization.banners.filter(approval=None, withdrawn_at=None).exclude(pk__in=subjects)
    banners = banners.select_related("campaign", "prepared_by__user").order_by("-prepared_at")
    imports = organization.import_runs.filter(state=ImportRun.State.DRAFT).order_by("-created_at")
    campaigns = organization.campaigns.filter(state=Campaign.State.DRAFT).exclude(pk__in=subjects)
    campaigns = campaigns.order_by("-created_at")
    drafts = (
        staff.segment_drafts.filter(organization=organization).select_related("segment").order_by("-kept_at")
    )
    return [
        *_requests(organization, staff, at=at),
        *(_banner_task(organization, one) for one in banners[:SHOWN]),
        *(
            _plain(f"Import “{one}”", "its columns wait to be confirmed", one.get_absolute_url())
            for one in imports[:SHOWN]
        ),
        *(
            _plain(f"Campaign “{one}”", "drafted, not active yet", one.get_absolute_url())
            for one in campaigns[:SHOWN]
        ),
        *(_draft_task(organization, one) for one in drafts[:SHOWN]),
    ]


def _requests(organization: Organization, staff: Staff, *, at: datetime) -> list[Task]:
    """What was asked for and nobody has decided: first what the reader can decide on."""
    asked = organization.approvals.waiting(at=at).select_related("maker__user", "organization")
    decides = (
        organization.approvals.waiting_for(staff, at=at) if may(staff, approving.DECIDES) else asked.none()
    )
    mine = set(decides.values_list("pk", flat=True))
    shown = sorted(asked.order_by("requested_at")[: 4 * SHOWN], key=lambda one: one.pk not in mine)[:SHOWN]
    return [
        Task(
            "",
            "",
            one.title,
            f"asked for by {one.maker}",
            one.get_absolute_url(),
            "Decide" if one.pk in mine else "See it",
        )
        for one in shown
    ]


def _plain(heading: str, hint: str, url: str) -> Task:
    return Task("", "", heading, hint, url, "Open")


def _banner_task(organization: Organization, banner: Banner) -> Task:
    url = organization.url("alerts:campaign_detail", banner.campaign_id)
    return Task("", "", f"Banner “{banner}”", f"of {banner.campaign}, by {banner.prepared_by}", url, "Review")


def _draft_task(organization: Organization, draft: Draft) -> Task:
    if draft.segment_id:
        url, why = organization.url("segments:segment_edit", draft.segment_id), "changes not saved yet"
    else:
        url, why = organization.url("segments:draft_edit", draft.pk), "not saved as a segment yet"
    return _plain(f"Your draft “{draft}”", why, url)
