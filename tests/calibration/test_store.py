"""Results of killed runs: what is there is right, and the rest is computed again."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from reports.publishing.provenance import ROOT
from tests.calibration.store import Store
from tests.calibration.study import run

ABOUT = {"case": "x", "seed": 1}
RESULTS: dict[int, Any] = {i: {"ranks": [i, 2 * i], "status": "PASS"} for i in range(6)}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("store") / "x.jsonl"
    with Store(path, ABOUT).open() as store:
        for number, result in RESULTS.items():
            store.add(number, result)
    assert Store(path, ABOUT).found == RESULTS
    return path.read_bytes()


@given(data=st.data())
def test_what_was_cut_or_altered_is_not_a_result(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("cut") / "x.jsonl"
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    path.write_bytes(whole[:at])
    cut = Store(path, ABOUT).found
    assert cut.items() <= RESULTS.items()
    assert len(cut) == max(0, whole[:at].count(b"\n") - 1)
    path.write_bytes(whole[:at] + bytes([other]) + whole[at + 1 :])
    assert Store(path, ABOUT).found.items() <= RESULTS.items()


@given(data=st.data())
def test_after_a_cut_the_rest_can_be_added(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("cut") / "x.jsonl"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    with Store(path, ABOUT).open() as store:
        for number in RESULTS.keys() - store.found.keys():
            store.add(number, RESULTS[number])
    assert Store(path, ABOUT).found == RESULTS


def test_a_disk_that_fills_up_while_going_on_loses_nothing(
    whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not sound is left out by a new file, which has to be complete first."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(whole[:-5])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    opened = Store(path, ABOUT).open()
    monkeypatch.setattr("tests.calibration.store.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        opened.__enter__()
    assert path.read_bytes() == whole[:-5]


def test_results_of_other_settings_are_none(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(whole)
    assert Store(path, ABOUT | {"seed": 2}).found == {}


def test_two_processes_do_not_write_the_same_results(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    with Store(path, ABOUT).open(), pytest.raises(BlockingIOError), Store(path, ABOUT).open():
        pass


def _until_killed(folder: Path, most: int) -> None:
    def kill(done: int) -> None:
        if done == most:
            os.kill(os.getpid(), signal.SIGKILL)

    run("prior_sensitivity", "small", 12, folder, progress=kill)


def test_a_killed_study_ends_with_the_same_numbers(tmp_path: Path) -> None:
    """Killed after two replicates, with half of a third one's line written, then gone on."""
    undisturbed = run("prior_sensitivity", "small", 5, tmp_path / "undisturbed")
    folder = tmp_path / "killed"
    process = multiprocessing.get_context("spawn").Process(target=_until_killed, args=(folder, 2))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    path = folder / "prior_sensitivity-small.jsonl"
    assert len(path.read_bytes().splitlines()) == 3
    with path.open("ab") as file:
        file.write(b'0123456789abcdef [2, {"ranks"')
    told: list[int] = []
    again = run("prior_sensitivity", "small", 5, folder, progress=told.append)
    assert told == [2, 3, 4, 5]
    assert again == undisturbed
    run("prior_sensitivity", "small", 5, folder, progress=told.append)
    assert len(told) == 4  # all were there: nothing was computed


def test_an_interrupt_ends_the_command_at_once(tmp_path: Path) -> None:
    """The sampler would swallow it, and its truncated draws would be ranked like others."""
    words = [sys.executable, "-m", "tests.calibration", "--folder", str(tmp_path)]
    process = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        while not any(path.stat().st_size > 5000 for path in tmp_path.glob("*.jsonl")):
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130
    finally:
        process.kill()
