"""Where the kernel does not tell children of their parent's death (macOS): a parent between that watches.

`python -m console.embedded.leash SIGNAL -- PROGRAM …` starts the program, hands signals on, and sends it SIGNAL when
our own parent is gone. Its exit code becomes ours.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType

HANDED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
SECONDS_BETWEEN_LOOKS = 0.2


def main(last_signal: signal.Signals, argv: list[str]) -> int:
    """Run the program until it ends."""
    parent, early = os.getppid(), list[int]()

    def note(number: int, frame: FrameType | None) -> None:
        early.append(number)

    def hand_on(number: int, frame: FrameType | None) -> None:
        child.send_signal(number)

    _handle(note)
    child = subprocess.Popen(argv)
    _handle(hand_on)
    for number in early:
        child.send_signal(number)
    is_told = False
    while True:
        try:
            code = child.wait(SECONDS_BETWEEN_LOOKS)
            return code if code >= 0 else 128 - code
        except subprocess.TimeoutExpired:
            if os.getppid() != parent and not is_told:
                child.send_signal(last_signal)
                is_told = True


def _handle(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in HANDED_ON:
        signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main(signal.Signals(int(sys.argv[1])), sys.argv[3:]))
