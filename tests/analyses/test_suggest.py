"""`casebook suggest`: the case named, its command, and what is said of a case not here yet."""

import importlib
import inspect
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analyses import _suggested, river_level
from data import (
    _kinds as kinds,
    _misfit,
    _suited,
    ab_test,
    linear_regression,
    logistic_regression,
    partial_pooling,
    prior_sensitivity,
    spam_words,
)
from data._each import read_each
from data._how import Reading
from tests.analyses.test_main import here
from tests.conftest import SEED
from tests.data.test_asked import AGES, KINDS, POISSON, table
from tests.data.test_own_files import OWN, refused, write
from tests.test_layers import CASES, ROOT

ALL = {one.case for every in _suited.SUITED.values() for one in every}
OLD = {"ab_test", "linear_regression", "logistic_regression", "prior_sensitivity"}
OLD |= {"robust_regression", "spam_words"}
BEST = {kind: every[0].case for kind, every in _suited.SUITED.items()}


@pytest.fixture(params=[OLD, OLD | ALL], ids=["six cases", "all cases"])
def exist(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The cases that exist, as `data._suited` sees them."""
    monkeypatch.setattr(_suited, "there", lambda: request.param)
    found: set[str] = request.param
    return found


def suggested(path: Path, capsys: pytest.CaptureFixture, **options: str) -> list[str]:
    assert _suggested.suggest(path, options) == 0
    return capsys.readouterr().out.splitlines()


def commands(lines: list[str]) -> list[list[str]]:
    return [shlex.split(line) for line in lines if line.startswith("    casebook run ")]


def test_the_cases_that_exist_are_those_of_the_folder() -> None:
    assert _suited.there() == {*CASES}


@pytest.mark.parametrize("case", [name for name, (_, kind) in KINDS.items() if kind in BEST])
def test_the_best_case_that_exists_is_named_first(
    case: str, exist: set[str], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    text, kind = KINDS[case]
    lines = suggested(write(tmp_path, text), capsys)
    first, *others = [words[2] for words in commands(lines)]
    assert {first, *others} <= exist
    missing = BEST[kind] not in exist
    assert first == ("linear_regression" if missing else BEST[kind])
    said = "\n".join(lines)
    assert (f"{BEST[kind]} would fit, and is not here yet" in said) == missing
    assert "the last column (--outcome names another)" in said
    assert said.count("Against it: ") == len(others)


@pytest.mark.parametrize("case", [name for name, (_, kind) in KINDS.items() if kind not in BEST])
def test_what_no_case_is_for_is_said(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    lines = suggested(write(tmp_path, KINDS[case][0]), capsys)
    assert not commands(lines)
    assert lines[-1].startswith("Name another column with --outcome, such as x (")


LOADS = {"linear_regression": linear_regression.load, "robust_regression": linear_regression.load}
LOADS |= {"logistic_regression": logistic_regression.load}


@pytest.mark.parametrize(
    "case", ["small counts", "shares", "per cents", "incomes", "scores", "two words", "0 and 1"]
)
def test_the_commands_read_the_file(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_suited, "there", lambda: OLD)
    rows = [f"{i},{line}" for i, line in enumerate(KINDS[case][0].splitlines()[1:], 1)]
    name = KINDS[case][0].splitlines()[0].partition(",")[2]
    path = write(tmp_path, "\n".join([f"row id,my x,{name}", *rows]))
    found = commands(suggested(path, capsys))
    for words in found[: 1 if case == "two words" else None]:
        given = dict(zip(words[3::2], words[4::2], strict=True))
        event: Any = {"event": given["--event"]} if "--event" in given else {}
        read = LOADS[words[2]](path, given.get("--formula"), **event)
        assert list(read.terms) == ["my x"]


LAYOUTS = {
    "visits.csv": ("ab_test", {}),
    "a_small_test.csv": ("ab_test", {}),
    "bought.csv": ("ab_test", {"arm": "variant", "converted": "state", "event": "bought"}),
    "births.csv": ("prior_sensitivity", {}),
    "conversions_against_a_strong_prior.csv": ("prior_sensitivity", {}),
    "doses.csv": ("logistic_regression", {"formula": "events | trials(n) ~ . - others"}),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_files_of_a_layout_of_their_own(name: str, capsys: pytest.CaptureFixture) -> None:
    case, options = LAYOUTS[name]
    words = commands(suggested(OWN / name, capsys))[0]
    assert words[2] == case
    assert dict(zip(words[5::2], words[6::2], strict=True)) == {
        f"--{option}": value for option, value in options.items()
    }
    if case == "ab_test":
        assert len(ab_test.read(OWN / name, reading=Reading.of(options)).counts) == 2
    elif case == "prior_sensitivity":
        assert len(prior_sensitivity.read(OWN / name).counts) == 1
    else:
        assert len(logistic_regression.load(OWN / name, options["formula"]).outcome) == 480


SHIPPED = {case: case for case in CASES if case != "known_noise"}  # readings of five experiments
SHIPPED["model_comparison_sleep"] = "model_comparison"


@pytest.mark.parametrize("file", sorted(SHIPPED))
def test_what_ships_is_for_its_own_case(file: str, capsys: pytest.CaptureFixture) -> None:
    lines = suggested(ROOT / f"data/{file}.csv", capsys)
    assert SHIPPED[file] in [words[2] for words in commands(lines)]


def given(words: list[str]) -> tuple[Reading, list[str]]:
    """Return what a command says of how a file is read, and its formulas."""
    pairs = list(zip(words[5::2], words[6::2], strict=True))
    options = {name[2:].replace("-", "_"): value for name, value in pairs if name != "--formula"}
    return Reading.of(options), [value for name, value in pairs if name == "--formula"]


@pytest.mark.parametrize(
    "case",
    ["two words", "two with a gap", "likert", "small counts", "per cents", "incomes", "scores"],
)
def test_no_case_is_named_that_refuses_the_file(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = write(tmp_path, KINDS[case][0])
    for words in commands(suggested(path, capsys)):
        module = importlib.import_module(f"data.{words[2]}")
        reading, formulas = given(words)
        if words[2] in {"smooth_curve", "next_experiment"}:
            module.read(path, reading=reading)
            continue
        every: Any = formulas if words[2] == "model_comparison" else next(iter(formulas), None)
        own = {"event": reading.event} if words[2] == "logistic_regression" else {}
        drop = case == "two with a gap"
        module.load(path, every, drop_missing=drop, reading=reading, **own)


RNG = np.random.default_rng(SEED)
AT = np.linspace(0, 6, 60)
CURVES = {
    "a line": (2 * AT + RNG.normal(size=60), False),
    "nothing": (RNG.normal(size=60), False),
    "a wave": (np.sin(AT) + 0.3 * RNG.normal(size=60), True),
}


@pytest.mark.parametrize("curve", CURVES)
def test_what_bends_is_a_curve_first(
    curve: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    y, bends = CURVES[curve]
    path = tmp_path / "curve.csv"
    pd.DataFrame({"dose": AT.round(3), "effect size": y.round(3)}).to_csv(path, index=False)
    lines = suggested(path, capsys)
    named = [words[2] for words in commands(lines)]
    assert (named[0] == "smooth_curve") == bends
    assert named.count("smooth_curve") == 1
    assert named[bends] == "linear_regression"
    assert any("effect size bends along dose" in line for line in lines) == bends


@pytest.mark.parametrize(
    ("header", "at"),
    [
        ("heat,acid,yield", 0),  # what came out of trials
        ("run,heat,acid,strength", 0),  # numbered as trials are
        ("heat,acid,strength", None),  # perhaps: another question
        ("patient,acid,strength", -1),  # of persons
        ("year,acid,strength", -1),  # in time
    ],
)
def test_trials_are_told_by_their_names(
    header: str, at: int | None, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    rng = np.random.default_rng(SEED)
    first = {"year": np.arange(1990, 2010), "patient": np.repeat(np.arange(10), 2) + 1}
    names = header.split(",")
    columns = {one: rng.uniform(0, 9, size=20).round(3) for one in names} | {
        "run": np.arange(1, 21)
    }
    table = pd.DataFrame(columns | first)[names]
    path = tmp_path / "trials.csv"
    table.to_csv(path, index=False)
    named = [words[2] for words in commands(suggested(path, capsys))]
    assert ("next_experiment" in named) == (at != -1)
    if at != -1:
        assert (named[0] == "next_experiment") == (at == 0)
        assert named[1 if at == 0 else 0] == "linear_regression" or at is None


def test_differences_are_held_against_no_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = write(
        tmp_path, "person,gain_h\n" + "".join(f"p{i},{i * i % 7 + 0.5}\n" for i in range(9))
    )
    first = commands(suggested(path, capsys))[0]
    assert first[2:] == [
        *("model_comparison", "--data", str(path)),
        *("--formula", "gain_h ~ 0", "--formula", "gain_h ~ 1"),
    ]


@pytest.mark.parametrize(
    ("text", "best", "said"),
    [
        ("a,0\nb,0\n", "mendel_shares", "all counts are 0"),
        (
            "".join(f"{i},{2 * i + 0.5}\n" for i in (1, 4, 2, 8, 5, 7)),
            "linear_regression",
            "there is no noise",
        ),
        (KINDS["shares with edges"][0][4:], "proportion_regression", "no such values"),
    ],
)
def test_what_the_best_case_refuses_is_said(
    text: str, best: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    lines = suggested(write(tmp_path, f"x,y\n{text}"), capsys)
    first, *others = [words[2] for words in commands(lines)]
    assert first == best
    assert first not in others
    at = lines.index("The file has to be mended first:")
    assert said in lines[at + 1]
    assert not any(line.strip().startswith("line ") for line in lines)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("school,d,se\na,1.5,.5\nb,2,1\nc,-1,2\n", ["school", "d", "se"]),
        ("group,effect,standard_error\na,1.5,.5\nb,2,1\nc,-1,2\n", []),
        ("player,hits,trials\na,3,45\nb,2,45\nc,9,45\n", ["player", "hits"]),
    ],
)
def test_groups_are_for_partial_pooling(
    text: str, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = write(tmp_path, text)
    found = commands(suggested(path, capsys))
    words = next(words for words in found if words[2] == "partial_pooling")
    assert words[6::2] == options
    names = (word.removeprefix("--").replace("-", "_") for word in words[5::2])
    given = dict(zip(names, options, strict=True))
    assert len(partial_pooling.read(path, Reading.of(given)).table) == 3


def series(header: str, names: Iterable[object], values: int, *, small: bool = False) -> str:
    """Return a file of rows a time and name, with numbers or small counts."""
    rng = np.random.default_rng(SEED)
    numbers = rng.poisson(2, size=99) if small else rng.normal(20, 5, size=99).round(2)
    rows = [(1990 + t, name) for name in names for t in range(values)]
    return "\n".join(
        [header, *(f"{t},{name},{numbers[i % 99]}" for i, (t, name) in enumerate(rows))]
    )


EACH = ["--time", "year", "--value", "rain", "--each", "pooled"]


@pytest.mark.parametrize(
    ("header", "names", "values", "words"),
    [
        ("year,town,rain", "ab", 20, EACH),
        ("year,sensor,rain", range(12), 7, EACH),  # by number
        ("time,series,value", "abc", 9, ["--each", "pooled"]),
        ("year,town,rain", range(13), 20, None),  # more than are read
        ("year,town,rain", "abc", 4, None),  # too short
        ("year,town,rain", "aab", 20, None),  # times come twice
        ("year,town,deaths", "abc", 20, None),  # small counts
        ("year,month,rain", range(1, 13), 20, None),  # one series, of two columns of time
        ("wave,person,score", "abcdef", 20, None),  # a panel
        ("dose,town,rain", "abc", 20, None),  # no time
    ],
)
def test_several_series_are_for_river_level(
    header: str,
    names: Iterable[object],
    values: int,
    words: list[str] | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
) -> None:
    """And the regression that reads them is offered as before."""
    path = write(tmp_path, series(header, names, values, small="deaths" in header))
    lines = suggested(path, capsys)
    found = {one[2]: one[5:] for one in commands(lines)}
    assert found.get("river_level") == words
    assert {"linear_regression", "count_regression"} & {*found}
    said = "\n".join(lines)
    assert ("--each alone is the other way" in said) is (words is not None)
    assert "left out" not in lines[2]
    if words:
        given = dict(zip(words[:-2:2], words[1:-2:2], strict=True))
        reading = Reading.of({name[2:]: value for name, value in given.items()})
        assert [*read_each(path, reading)] == [*map(str, names)]


def test_one_series_is_told_what_may_be_added(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = write(
        tmp_path, "year,flow\n" + "".join(f"{1990 + i},{i**3 % 47}.5\n" for i in range(30))
    )
    lines = suggested(path, capsys)
    assert commands(lines)[0][2] == "river_level"
    (said,) = (line for line in lines if line.startswith("river_level fits"))
    assert {*OPTIONS} <= {word.strip(",;:") for word in said.split()}
    assert {one[2:] for one in OPTIONS} <= {*inspect.signature(river_level.main).parameters}


OPTIONS = "--season", "--trend", "--turning"


def test_findings_are_for_the_network(capsys: pytest.CaptureFixture) -> None:
    path = ROOT / "data/diagnosis.csv"
    first, *_ = commands(suggested(path, capsys))
    assert first == ["casebook", "run", "diagnosis", "--data", str(path)]


def test_messages_are_for_spam_words(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    rows = [
        ("spam" if i % 3 else "ham", f"{'win a prize' if i % 3 else 'see you'} number {i}")
        for i in range(30)
    ]
    path = write(tmp_path, "\n".join(f"{label}\t{text}" for label, text in rows))
    assert commands(suggested(path, capsys)) == [
        ["casebook", "run", "spam_words", "--data", str(path)]
    ]
    path = write(tmp_path, "\n".join(["v1,v2", *(f"{label},{text}" for label, text in rows)]))
    words = commands(suggested(path, capsys))[0]
    assert words[5:] == ["--label", "v1", "--text", "v2"]
    assert spam_words.read(path, reading=Reading.of({"label": "v1", "text": "v2"})).split


def test_another_outcome_and_how_the_file_is_read_are_in_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = write(tmp_path, table([1.5, 3, 2, 5]))
    words = commands(suggested(path, capsys, outcome="x", separator=","))[0]
    assert words[5:] == ["--outcome", "x", "--separator", ","]


def test_an_unusable_file_is_told_and_exits_with_3(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = write(tmp_path, table([1, 2, 4]))
    assert here(monkeypatch, "suggest", str(path), "--outcome", "why") == 3
    shown = capsys.readouterr()
    assert "--outcome: there is no column 'why'" in shown.err
    assert not shown.out
    assert here(monkeypatch, "suggest", str(path)) == 0


@pytest.mark.parametrize("case", ["small counts", "ratings", "shares", "scores", "likert", "ages"])
def test_a_logistic_regression_names_the_case_that_is_meant(
    case: str, exist: set[str], tmp_path: Path
) -> None:
    text, kind = KINDS[case]
    path = write(tmp_path, text)
    said = refused(logistic_regression.load, path)
    named = BEST[kind] if BEST[kind] in exist else "linear_regression"
    assert f"for these is {named}" in said
    assert f"casebook run {named} --data" in said


@pytest.mark.parametrize("cells", [POISSON.tolist(), [1, 2, 3, 4, 5], [0.1, 0.7, 0.4]])
def test_a_warning_names_the_case_that_exists(
    cells: list[float], exist: set[str], tmp_path: Path
) -> None:
    path = write(tmp_path, table(cells))
    found = linear_regression.load(path)
    said = _misfit.warning("linear_regression", found, path, None, None)
    assert said is not None
    kind = _misfit.own_kind(found)
    assert kind is not None
    assert BEST[kind.name] in said[1]
    run = f"casebook run {BEST[kind.name]} "
    assert (run in said[1]) == (BEST[kind.name] in exist)


def test_nothing_is_warned_of_ages_and_prices(exist: set[str], tmp_path: Path) -> None:
    for cells in (AGES.tolist(), (1000 * AGES).tolist(), [18, 25, 40, 63]):
        path = write(tmp_path, table(cells))
        found = linear_regression.load(path)
        assert _misfit.warning("linear_regression", found, path, None, None) is None
    assert kinds.COUNT in BEST
    assert exist >= OLD


def test_one_rate_of_a_column_with_another_name(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = write(tmp_path, "won\n" + "1\n0\n1\n" * 4)
    words = commands(suggested(path, capsys))[0]
    assert words[2:] == ["prior_sensitivity", "--data", str(path), "--outcome", "won"]
    assert prior_sensitivity.read(path, reading=Reading(outcome="won")).counts.iloc[0, 0] == 8


def test_a_table_of_how_often_each_line_came(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    """It is asked for; with --weights the column is no predictor, and stands in the commands."""
    rows = [
        f"{sex},{klass},{alive},{7 * len(sex) + klass}"
        for sex in ("male", "female")
        for klass in (1, 2, 3)
        for alive in ("yes", "no")
    ]
    path = write(tmp_path, "\n".join(["sex,class,survived,freq", *rows]))
    said = suggested(path, capsys)
    again = next(line for line in said if "how many rows a line stands for" in line)
    assert again.endswith("--weights freq --outcome survived")
    found = commands(suggested(path, capsys, weights="freq", outcome="survived"))
    assert found[0][2] == "logistic_regression"
    given = dict(zip(found[0][5::2], found[0][6::2], strict=True))
    assert given["--weights"] == "freq"
    assert given["--outcome"] == "survived"
