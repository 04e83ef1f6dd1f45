"""The first values of each column, so that a person sees what it holds before choosing what it fills."""

from console.imports.checking import shown
from console.imports.models import ImportRun
from console.imports.reader import Place, batches

ROWS, VALUES, LENGTH = 50, 3, 60


def samples(run: ImportRun) -> list[list[str]]:
    """For each column of the header its first three different values that are not empty."""
    with run.file.open("rb") as file:
        reading = batches(
            file.file, run.encoding, run.delimiter, len(run.header), Place(), rows=ROWS, size=1024 * 1024
        )
        rows = next(reading).rows
    return [_first(rows, index) for index in range(len(run.header))]


def _first(rows: list[list[str]], index: int) -> list[str]:
    values = dict.fromkeys(shown(row[index].strip(), LENGTH) for row in rows if index < len(row))
    return [value for value in values if value][:VALUES]
