"""The parent of the rendering process: hands it work, and stops it when a line takes too long."""

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from django.conf import settings

from communications.rendering.content import Content
from communications.rendering.environment import Fault
from communications.rendering.plain_text import plain_text

PATIENCE = 3.0  # seconds for a line; the child itself stops after one, unless it hangs where it can't
CHUNK = 20

Rendered = dict[str, str]


class _Gone(Exception):
    """The child ended or hangs."""


def parts(content: Content) -> dict[str, str]:
    """The Liquid of each part; a text part left empty is made from the HTML."""
    return {
        "subject": content.subject,
        "html": content.html,
        "text": content.text or plain_text(content.html),
    }


class Renderer:
    """A rendering process, started when first needed and again after a fault. Use it as a context manager."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._read = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process, whatever it does."""
        child, self._child, self._read = self._child, None, b""
        if child:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with contextlib.suppress(BrokenPipeError):
                    pipe.close() if pipe else None

    def check(self, content: Content, fields: Sequence[str], sample: dict[str, Any]) -> list[Fault]:
        """What keeps a template from being saved: faults in its words, or when `sample` is filled in."""
        source = parts(content)
        try:
            self._ask({"check": source, "fields": list(fields)})
            answer = self._line()
        except _Gone:
            self.stop()
            return [_GONE]
        if "fault" in answer:
            return [Fault(*answer["fault"])]
        found = [Fault(*fault) for fault in answer["faults"]]
        found = [fault for fault in found if content.text or fault.part != "text"]
        if found:
            return found
        result = self.render(content, [sample])[0]
        return [result] if isinstance(result, Fault) else []

    def render(self, content: Content, contexts: Sequence[dict[str, Any]]) -> list[Rendered | Fault]:
        """The parts for each context, in order; a Fault for a context that can't be written, the others unharmed."""
        results: list[Rendered | Fault] = []
        source = parts(content)
        while len(results) < len(contexts):
            chunk = contexts[len(results) : len(results) + CHUNK]
            results += self._chunk(source, chunk)
        return results

    def _chunk(
        self, source: dict[str, str], contexts: Sequence[dict[str, Any]]
    ) -> Iterator[Rendered | Fault]:
        """Results from the first context on, up to and including one that ended the process."""
        try:
            self._ask({"source": source, "contexts": contexts})
            for _ in contexts:
                answer = self._line()
                yield answer["parts"] if "parts" in answer else Fault(*answer["fault"])
                if answer.get("is_limit"):
                    self.stop()
                    return
        except _Gone:
            self.stop()
            yield _GONE

    def _ask(self, request: dict[str, Any]) -> None:
        to_child = self._started().stdin
        try:
            if to_child:
                to_child.write(json.dumps(request).encode() + b"\n")
                to_child.flush()
        except BrokenPipeError as error:
            raise _Gone from error

    def _line(self) -> dict[str, Any]:
        """The next answer. Raises _Gone when it does not come in time."""
        from_child = self._started().stdout
        while b"\n" not in self._read:
            is_ready = from_child and select.select([from_child], [], [], PATIENCE)[0]
            piece = os.read(from_child.fileno(), 65536) if from_child and is_ready else b""
            if not piece:
                raise _Gone
            self._read += piece
        line, _, self._read = self._read.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _started(self) -> "subprocess.Popen[bytes]":
        """The process, with an environment that holds nothing of ours."""
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "communications.rendering.child"],
                cwd=settings.BASE_DIR,
                env={"PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._child


_GONE = Fault("", 0, "This could not be written within a second and 64 MB.")
