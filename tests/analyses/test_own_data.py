"""Files of one's own, of the awkward kinds, end in a page that says so: no traceback."""

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data._how import Reading
from tests.conftest import SEED
from tests.faults.names import HOSTILE, check, regression_file

OWN = Path(__file__).parent.parent / "own_data"
SOME = [HOSTILE[i] for i in (1, 12, 15, 16)]  # columns
RNG = np.random.default_rng(8)


def numbers(rows: int, columns: int) -> list[list[str]]:
    return [[f"{x:.3f}" for x in row] for row in RNG.normal(size=(rows, columns))]


def csv(header: str, rows: list[list[str]]) -> str:
    return "\n".join([header, *(",".join(row) for row in rows)]) + "\n"


def separated() -> str:
    """A column that tells the event without fail, one that does not, and text in the outcome."""
    rows = [
        [f"{x:.3f}", f"{RNG.normal():.3f}", "ill" if x > 0 else "well"] for x in RNG.normal(size=30)
    ]
    return csv("km/h,<b>z</b>,state", rows)


def messages() -> str:
    texts = [
        "win a free prize now",
        "free cash call",
        "see you at home",
        "are you home",
        "ok later",
    ]
    lines = [
        ("spam" if i % 5 < 2 else "ham", f"{texts[i % 5]} no{'abcdefgh'[i % 8]}{i}")
        for i in range(60)
    ]
    return "".join(f"{label}\t{text}\n" for label, text in lines)


def kinds() -> str:
    """Ninety rows in their order, of five kinds with names that are odd, and nine a day."""
    names = [one for one in HOSTILE if one.isprintable() and len(one) <= 200][:5]
    drawn = np.random.default_rng(9).integers(len(names), size=90)
    cells = [names[k].replace('"', '""') for k in drawn]
    return csv("kind,day", [[f'"{cell}"', f"{i // 9}"] for i, cell in enumerate(cells)])


FILES: dict[str, tuple[str, dict[str, Any], str]] = {
    "linear_regression": (
        csv("a,b,c,d,self", numbers(4, 5)),
        {},
        "4 rows for 5 coefficients: the prior decides",
    ),
    "sparse_regression": (
        csv("a,b,c,d,e,self", numbers(6, 6)),
        {},
        "6 rows for 6 coefficients: the prior decides",
    ),
    "robust_regression": (
        regression_file([*SOME, HOSTILE[4]], lambda i: i * 7 % 23 + i % 5),
        {},
        "",
    ),
    "count_regression": (
        regression_file([*SOME, HOSTILE[4]], lambda i: i * 7 % 23 * (i % 3)),
        {},
        "",
    ),
    "ordinal_regression": (
        (OWN / "content.csv").read_text(encoding="utf-8"),
        {"reading": Reading(levels=("content=not at all,a little,rather,very",))},
        "",
    ),
    "proportion_regression": (
        regression_file([*SOME, HOSTILE[4]], lambda i: (i * 7 % 23 + 1) / 25),
        {},
        "",
    ),
    "quantile_regression": (
        regression_file([*SOME, HOSTILE[4]], lambda i: i * 7 % 23 + i % 5 + i / 50),
        {"quantiles": "0.2,0.5,0.8"},
        "Few rows lie beyond",
    ),
    "noise_models": (
        regression_file([*SOME, HOSTILE[4]], lambda i: i * 7 % 23 * (i % 3)),
        {"kind": "counts", "loss": "poisson"},
        "",
    ),
    "process_corridor": (
        (OWN / "rods.csv").read_text(encoding="utf-8"),
        {"lower": 11.9, "upper": 12.1, "reading": Reading(outcome="length_cm"), "ordered": True},
        "The process moves",
    ),
    "diagnosis": (
        (OWN / "clinic.csv").read_text(encoding="utf-8"),
        {
            "reading": Reading(event="pos", columns=(("dyspnoea", "breathless"),)),
            "seen": "dyspnoea=yes,smoking=yes",
            "disease": "cancer",
        },
        "",
    ),
    "logistic_regression": (separated(), {"event": "ill"}, "separate"),
    "spam_words": (messages(), {"message": "a free prize " + "".join(HOSTILE)}, ""),
    "bandit": (
        csv("arm,n,km/h", [["<b>", "40", "7"], ["z'", "25", "9"], ["c", "1", "0"]]),
        {
            "reading": Reading(columns=(("variant", "arm"), ("shown", "n"), ("clicked", "km/h"))),
            "horizon": 100,
        },
        "",
    ),
    "coal_rate": (
        (OWN / "faults.csv").read_text(encoding="utf-8"),
        {"reading": Reading.of({"date": "failed_on"}), "until": "2024-12"},
        "",
    ),
    "coin_updating": (
        csv("won,site", [[str(int(x > 0)), f"{i % 5}"] for i, x in enumerate(RNG.normal(size=60))]),
        {"reading": Reading(outcome="won")},
        "",
    ),
    "mendel_shares": (kinds(), {"ordered": True}, ""),
    "known_noise": (
        csv(
            "site,<b>z</b>",
            [[f"{i % 3}", f"{1e6 + 2 * x:.3f}"] for i, x in enumerate(RNG.normal(size=40))],
        ),
        {"reading": Reading(outcome="<b>z</b>"), "noise_sd": 0.5, "bias_sd": 0.2, "target_sd": 0.1},
        "state the noise of single readings as it is",
    ),
    "smooth_curve": (
        csv(
            "<b>T</b>,site,depth",
            [
                [f"{20 + 5 * np.sin(i / 7) + x:.2f}", f"s{i % 3}", f"{(i * 7 % 40) / 4}"]
                for i, x in enumerate(RNG.normal(size=60))
            ],
        ),
        {
            "reading": Reading(outcome="<b>T</b>"),
            "along": "depth",
            "level": 20.0,
            "gap": "4:5.5",
            "wanted": 0.5,
        },
        "",
    ),
    "prior_sensitivity": (
        "events,trials\n0,100\n",
        {"reference": 0.02},
        "The prior decides: under the flat prior, which weighs two trials, the decision would be "
        "“not shown”",
    ),
}


@pytest.mark.parametrize("quick", [True, pytest.param(False, marks=pytest.mark.validate)])
@pytest.mark.parametrize("case", FILES)
def test_a_file_of_ones_own_ends_in_a_page(
    case: str, quick: bool, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """With ADVI and the sweep in `make validate`."""
    text, options, warning = FILES[case]
    data = tmp_path / ".own" / "own.csv"
    data.parent.mkdir()
    data.write_text(text, encoding="utf-8", newline="")
    main = importlib.import_module(f"analyses.{case}").main
    code = main(data=data, draws=300, seed=SEED, out=tmp_path, quick=quick, quiet=True, **options)
    found = json.loads((tmp_path / f"{case}.json").read_text(encoding="utf-8"))
    assert code == (4 if found["status"] == "FAIL" else 0)
    assert found["status"] != "FAIL", found["answer"]
    assert warning in " ".join(found["warnings"])
    check(tmp_path, case, capsys.readouterr().out)
    assert "nan" not in found["answer"].lower().split()
