"""A moment as systems say it."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

DAY = timedelta(days=1)


def _in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; what is in a year that some clock of the world does not have is refused."""
    try:
        found = moment.astimezone(UTC)
        return found + DAY - DAY - DAY + DAY
    except OverflowError as error:
        raise ValueError("is before the year 1 or after 9999") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
