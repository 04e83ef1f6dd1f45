"""What people are written about refreshes: a segment can't be counted any more, or it moved more than they set."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from console.organizations.models import Role, Staff
from segments.models import Run, Segment

AT_ONCE = 100
YOUNG = timedelta(days=2)


def news_of(run: Run) -> str:
    """What of a run that ends now is news, as Run.News; "" for nothing.

    Of a segment that fails again and again the first failure is. Whoever edits rules sees before saving how many come
    and go, so a move by new rules is none, nor is the first count.
    """
    segment = run.segment
    if run.state == Run.State.FAILED:
        ended = segment.runs.filter(state__in=[Run.State.DONE, Run.State.FAILED]).exclude(pk=run.pk)
        last = ended.order_by("-requested_at").first()
        return "" if last and last.state == Run.State.FAILED else Run.News.FAILED
    is_same = segment.refreshed_version_id == run.version_id
    if run.state != Run.State.DONE or segment.tell_above is None or not is_same:
        return ""
    moved = max(run.entered or 0, run.left or 0)
    return Run.News.MOVED if moved * 100 > segment.tell_above * run.before else ""


def to_write_about(*, at: datetime) -> list[tuple[UUID, UUID]]:
    """The runs about which nobody was written to yet, each with its organization, the oldest first.

    What happened two days ago stands on the pages, and is no news any more.
    """
    found = Run.objects.untold().filter(requested_at__gte=at - YOUNG).order_by("requested_at")
    return list(found.values_list("pk", "organization")[:AT_ONCE])


@transaction.atomic
def write_about(pk: UUID, *, at: datetime) -> None:
    """Write to whoever looks after the segment; nothing while somebody else does.

    It is noted in the transaction that hands the letters over: when the mail server refuses them, nothing is noted and
    the next tick writes again. Raises what the server says.
    """
    rows = Run.objects.untold().select_for_update(skip_locked=True, of=("self",))
    run = rows.select_related("segment__organization").filter(pk=pk).first()
    if run is None:
        return
    run.told_at = at
    run.save(update_fields=["told_at"])
    get_connection().send_messages([_letter(run, person) for person in readers(run.segment)])


def readers(segment: Segment) -> list[Staff]:
    """Its owner; where it has none that works here, the admins."""
    people = Staff.objects.working().filter(organization=segment.organization_id, user__is_active=True)
    people = people.select_related("user").order_by("pk")
    return list(people.filter(owned_segments=segment)) or list(people.filter(role=Role.ADMIN))


def _letter(run: Run, to: Staff) -> EmailMessage:
    segment = run.segment
    if run.news == Run.News.FAILED:
        subject = f"Segment “{segment}” can’t be counted"
        words = [
            f"The segment “{segment}” at {segment.organization} could not be counted.",
            run.error,
            "It keeps the members it had. You get no further letter about it until it was counted again.",
        ]
    else:
        subject = f"Segment “{segment}” moved {run.moved}"
        words = [
            f"The segment “{segment}” at {segment.organization} moved by more than {segment.tell_above} %.",
            f"It went {run.moved}: {run.entered or 0:,} entered and {run.left or 0:,} left.",
            "Look whether that is right before something goes out to it.",
        ]
    body = "\n\n".join([*words, f"{settings.PUBLIC_URL}{segment.get_absolute_url()}"])
    return EmailMessage(" ".join(subject.split())[:200], f"{body}\n", None, [to.user.email])
