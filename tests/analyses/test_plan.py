"""`casebook plan`: a page, a sentence, and what is refused."""

import json
from pathlib import Path

import pytest

from tests.terminal import casebook


@pytest.mark.parametrize(
    ("case", "options", "about"),
    [
        ("ab_test", ("--baseline", 0.3, "--lift", 0.2, "--max-loss", 0.01), (10, 100)),
        ("coin_updating", ("--rate", 0.65), (150, 160)),
        ("mendel_shares", ("--expected", "1:1", "--true", "4:1"), (20, 80)),
        ("prior_sensitivity", ("--reference", 0.485, "--rate", 0.3), (20, 60)),
    ],
)
def test_a_plan_is_a_page_with_a_number(
    case: str,
    options: tuple[object, ...],
    about: tuple[int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert casebook(monkeypatch, "plan", case, *options, "--out", tmp_path) == 0
    said = capsys.readouterr().out
    found = json.loads((tmp_path / f"plan_{case}.json").read_text(encoding="utf-8"))
    enough = found["enough"]["0.8"]
    assert about[0] <= enough <= about[1]
    assert f"About {enough:,}" in said
    assert found["answer"] in said
    page = (tmp_path / f"plan_{case}.html").read_text(encoding="utf-8")
    assert "How probable it is that a study decides" in page
    assert "fits" not in found["answer"]
    assert f"plan_{case}.html" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_lift_beyond_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("plan", "ab_test", "--baseline", 0.9, "--lift", 0.2, "--out", tmp_path)
    assert casebook(monkeypatch, *words) == 2
    assert "is no rate" in capsys.readouterr().err
