"""A moment as systems say it."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime


def _in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; years that no clock there has are refused."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is before the year 1 or after 9999") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
