"""Killed at every step of writing, and two runs at once."""

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from reports.page.index import write_index
from reports.page.page import ENVIRONMENT, ICONS
from reports.publishing.files import LOCK, locked
from reports.publishing.sealed import damage, read_summary
from tests.faults.fault import (
    AT_MOST,
    Fault,
    a_set,
    answer_in,
    forked,
    kill_here,
    publish_set,
    shown_in,
)

CALLS = ("open", "write", "fsync", "close", "mkdir", "rename", "replace", "rmdir", "unlink")
OLD, NEW = a_set("old"), a_set("new", size=4000)
WRITERS, TIMES = 3, 40


@contextmanager
def step_by_step(
    act: Callable[[int, str, Callable[..., Any], tuple[Any, ...]], Any],
) -> Iterator[None]:
    """Let `act(number, name, function, arguments)` stand for every call that changes the disk."""
    count = 0

    def instead(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            return act(count, name, lambda *w: function(*w, **options), words)

        return call

    before = {name: getattr(os, name) for name in CALLS}
    lock = fcntl.flock
    try:
        for name, function in before.items():
            setattr(os, name, instead(name, function))
        fcntl.flock = instead("flock", lock)
        yield
    finally:
        for name, function in before.items():
            setattr(os, name, function)
        fcntl.flock = lock


def steps(work: Callable[[], None]) -> list[str]:
    """Return the names of the calls that `work` makes."""
    made: list[str] = []

    def note(_: int, name: str, function: Callable[..., Any], words: tuple[Any, ...]) -> Any:
        made.append(name)
        return function(*words)

    with step_by_step(note):
        work()
    return made


def killed_at(step: int, work: Callable[[], None], *, halfway: bool = False) -> None:
    """Do `work` and be killed before its `step`th call; or when half of it is written."""

    def kill(number: int, name: str, function: Callable[..., Any], words: tuple[Any, ...]) -> Any:
        if number == step:
            if halfway and name == "write":
                function(words[0], words[1][: len(words[1]) // 2])
            kill_here()
        return function(*words)

    with step_by_step(kill):
        work()


def at_every_step(folder: Path) -> str:
    """Kill a run that replaces one report by another before each of its steps."""
    out = folder / "dry"
    publish_set(out, OLD)
    calls = steps(lambda: publish_set(out, NEW))
    assert calls.count("write") >= len(NEW) + 1, "what is written is not seen"
    ends = {"old": 0, "new": 0}
    mixed = 0
    trials = [(k, half) for k in range(1, len(calls) + 1) for half in (False, True)]
    trials = [(k, half) for k, half in trials if not half or calls[k - 1] == "write"]
    for k, half in trials:
        out = folder / f"{k}-{half}"
        publish_set(out, OLD)
        end = forked(partial(killed_at, k, partial(publish_set, out, NEW), halfway=half))
        assert end == -signal.SIGKILL
        mixed += _whole_or_noticed(out)
        with locked(out):  # as the next run does, or `casebook build`
            write_index(out, ENVIRONMENT, ICONS)
        found = shown_in(out)
        assert found in (OLD, NEW), f"step {k}, {calls[k - 1]}: two runs are mixed"
        assert {path.name for path in out.iterdir()} == {*OLD, "index.html", LOCK}
        assert answer_in(out) in (out / "index.html").read_text()
        ends[answer_in(out)] += 1
    return (
        f"{len(calls)} steps, {len(trials)} kills (before each step, and halfway through each "
        f"write): {ends['old']} times the old report stayed, {ends['new']} times the new one was "
        f"there; {mixed} times files of both stood side by side until the next run put that right, "
        "and the checksums told each time. No file was ever half written."
    )


def _whole_or_noticed(out: Path) -> bool:
    """Check what a reader finds after the kill; return whether files of two runs are there."""
    found = shown_in(out)
    assert found.keys() == OLD.keys()
    assert all(content in (OLD[name], NEW[name]) for name, content in found.items())
    mixed = found not in (OLD, NEW)
    noticed = bool(damage(out, read_summary(out / "demo.json")))
    assert noticed == mixed
    return mixed


def two_at_once(folder: Path) -> str:
    """Let several processes publish into one folder, again and again, and look all the while."""
    out = folder / "same"
    publish_set(out, a_set("start"))
    children = []
    for writer in range(WRITERS):
        child = os.fork()
        if child == 0:
            signal.alarm(AT_MOST)
            code = 1
            try:
                for i in range(TIMES):
                    publish_set(out, a_set(f"run {writer}-{i}", size=200 + 13 * writer + i))
                    with locked(out):
                        assert damage(out, read_summary(out / "demo.json")) == []
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    looks = 0
    while children:
        with locked(out):
            assert damage(out, read_summary(out / "demo.json")) == []
        for content in shown_in(out).values():  # without the lock, as a reader does
            assert content.endswith((b"nc ", b"csv ", b"html ", b"}\n"))
        looks += 1
        time.sleep(0.005)
        for child in list(children):
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                assert status == 0
                children.remove(child)
    return (
        f"{WRITERS} processes, {TIMES} reports each; {WRITERS * TIMES + looks} looks under the "
        "lock found every time the files of a single run; without it, every file whole."
    )


FAULTS = [
    Fault(
        "Killed",
        "SIGKILL at every step of replacing a report by a new one",
        "each file is the old or the new one, whole; the next run ends with one set or the other",
        at_every_step,
    ),
    Fault(
        "Two runs at once",
        "several processes write the report of the same case into the same folder",
        "never a mixture",
        two_at_once,
    ),
]
