"""Named places at which the fault tests end the process. In service they do nothing."""

POINTS = ("leased", "rendered", "starting", "started", "mid_group", "arrived", "recording", "recorded")


def fault_point(name: str) -> None:
    """Nothing. tests/communications/faults puts something else here."""
