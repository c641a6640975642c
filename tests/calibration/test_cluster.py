"""Replicates by a worker of a cluster are those of this process, and only missing ones are made."""

from pathlib import Path
from typing import Any

import pytest

from analyses._cluster_joined import connected
from analyses._on import NoClusterError, On
from tests.calibration import cluster
from tests.calibration.study import run

CASE, VARIANT = "prior_sensitivity", "small"


class Answers:
    """A cluster that gives back what it is told to."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def each(self, function: Any, items: Any) -> Any:
        return ((one, self.answer) for one, _ in items)


def test_replicates_of_a_worker_are_those_of_this_process(tmp_path: Path) -> None:
    run(CASE, VARIANT, 2, tmp_path / "a")
    asked: list[int] = []
    with connected(On("local:1"), {}) as found:
        each = found.each

        def noted(function: Any, items: Any) -> Any:
            asked.extend(one for one, _ in items)
            return each(function, items)

        found.each = noted  # type: ignore[method-assign, assignment]
        resumed = run(CASE, VARIANT, 5, tmp_path / "a", by=cluster.by(found))
    assert asked == [2, 3, 4]
    assert resumed == run(CASE, VARIANT, 5, tmp_path / "b")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"result": None}, "a worker has other tests or data"),
        ({"died": -9}, "replicate 0: no result"),
        (OSError("gone"), "replicate 0: no result"),
    ],
)
def test_what_is_no_result_is_not_kept(tmp_path: Path, answer: Any, said: str) -> None:
    by = cluster.by(Answers(answer))  # type: ignore[arg-type]
    with pytest.raises(NoClusterError, match=said):
        run(CASE, VARIANT, 2, tmp_path, by=by)
    assert len(run_lines(tmp_path)) == 1  # of what the results are


def run_lines(folder: Path) -> list[str]:
    return (folder / f"{CASE}-{VARIANT}.jsonl").read_text().splitlines()
