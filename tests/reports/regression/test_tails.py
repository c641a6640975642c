"""What the page says of heavy tails follows from the numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from reports.blocks.blocks import Table
from reports.regression import tail_figures, tail_tables, tails
from workflow.checking.diagnostics import Diagnosis
from workflow.quantities import INTERVAL, Quantity, Scalar
from workflow.regression.tails import GAUSSIAN, STUDENT, UNDECIDED, Fitted, Moved
from workflow.scoring.elpd import PSIS, QUADRATURE, REFITS, Difference, Elpd

Q = Quantity(
    mean=1.0,
    median=1.0,
    sd=0.2,
    mcse_mean=0.005,
    lower=0.6,
    upper=1.4,
    interval=INTERVAL,
    mcse_interval=0.005,
    mcse_lower=0.005,
    mcse_upper=0.005,
    r_hat=1.0,
    ess_bulk=1000,
    ess_tail=1000,
    mcse_median=0.005,
)
STUDENTS = {"slope[a]": Q, "slope[b]": Q, "intercept": Q, "scale": Q, "sd": replace(Q, mean=None)}
NORMALS = {"slope[a]": replace(Q, median=2.0), "slope[b]": Q, "intercept": Q, "sigma": Q}
GAP = Difference(0.3, 0.6, 0.01, 21)


def said(
    decision: str, gap: Difference | None, student: tuple[int, int], normal: tuple[int, int]
) -> str:
    signs = dict(zip("ab", student, strict=True)), dict(zip("ab", normal, strict=True))
    found = STUDENTS, NORMALS
    verdict = tails.verdict(decision, gap, 21, Q)
    return tails.answer(verdict, ["a", "b"], found, signs, "Least.", "loss", alone=gap is None)


def test_the_answer_when_the_tails_cannot_be_told() -> None:
    text = said(UNDECIDED, GAP, (1, 0), (1, 0))
    assert text.startswith(
        "21 rows cannot tell heavy tails from Gaussian noise (log predictive density"
    )
    assert "+1.00 (+0.60 to +1.40) per unit of a with Student-t noise, +2.00 (" in text
    assert "The direction of b is not known." in text
    assert text.endswith("Least.")


def test_many_rows_that_tell_light_tails_are_not_said_to_tell_nothing() -> None:
    nu = replace(Q, median=50.0, lower=30.0, upper=90.0)
    text = tails.verdict(UNDECIDED, Difference(-2.5, 0.8, 0.1, 3000), 3000, nu)
    assert "both predict unseen rows about equally well (" in text
    assert "The tails are not heavy: nu is above 30 with probability .975." in text
    assert "cannot tell heavy tails" not in text
    unsure = tails.verdict(UNDECIDED, Difference(9, 7, 0.1, 300), 300, Q)
    assert "about equally well" not in unsure
    assert "not heavy" not in unsure


def test_heavy_tails_and_cannot_tell_are_reconciled() -> None:
    """A difference that is within its error, and a nu that is low for sure."""
    nu = replace(Q, median=2.1, lower=2.0, upper=2.6)
    for rows_, start in ((40, "40 rows cannot tell"), (300, "The rows cannot tell which noise")):
        text = tails.verdict(UNDECIDED, Difference(60, 50, 0.1, rows_), rows_, nu)
        assert text.startswith(start)
        assert "In these very rows the tails are heavy (nu is below 2.6 with" in text


def test_an_error_that_is_not_known_claims_nothing() -> None:
    unknown = Difference(60, 5, np.inf, 300)
    assert tails.verdict(UNDECIDED, unknown, 300, Q) == tails.NO_RIVAL


def test_the_rule_says_what_few_rows_need() -> None:
    assert "at least 2 standard errors. Otherwise" in tails.rule(100)
    assert "at least 2 standard errors, here 2.8, since with fewer than 100 rows" in tails.rule(25)


def test_the_row_that_counts_least_has_its_interval_or_is_the_priors_doing() -> None:
    still = Moved((14.0, 2.4, 70.0), (14.1, 2.5, 70.0), 0.01, 19.0)
    far = Moved((14.0, 2.4, 70.0), (3.0, 2.1, 5.0), 0.83, 4.7)
    found = rows(0.9, 0.2)
    assert "the prior's doing" in tails.least_row(found, still)
    text = tails.least_row(found, far)
    assert "line 3 of the file, counts 0.20 times" in text
    assert "(95% equal-tailed credible interval 0.10 to 0.20)" in text


def test_the_answer_names_the_better_noise() -> None:
    assert said(STUDENT, GAP, (1, 1), (1, 1)).startswith(
        "Student-t noise predicts unseen rows better than Gaussian ("
    )
    assert said(GAUSSIAN, GAP, (1, 1), (1, 1)).startswith(
        "Gaussian noise predicts unseen rows better than Student-t ("
    )


def test_a_direction_that_hangs_on_the_noise_is_not_told_as_known() -> None:
    for other in (0, -1):
        text = said(UNDECIDED, GAP, (1, 1), (other, 1))
        assert "The direction of a hangs on the noise." in text
        assert "per unit of b" in text
        assert "per unit of a" not in text


def test_the_answer_without_a_rival_has_none_of_its_numbers() -> None:
    text = said(UNDECIDED, None, (1, 0), (1, 0))
    assert tails.NO_RIVAL in text
    assert "2.00" not in text
    assert "Under Student-t noise alone" in text


def fit(pointwise: list[float], **other: object) -> Fitted:
    n = len(pointwise)
    errors, k = np.full(n, 0.01), np.full(n, 0.3)
    elpd = Elpd(REFITS, tuple(range(n)), np.array(pointwise), errors, k, 0.7, refitted=n)
    return Fitted(xr.Dataset(), Diagnosis(()), replace(elpd, **other))  # type: ignore[arg-type]


def test_failed_refits_and_bad_k_are_on_the_page() -> None:
    clean, failed = fit([-1, -2]), fit([np.nan, -2], failed=(17,))
    text, table = tail_tables.leave_one_out(clean, failed, GAP)
    assert "Student-t: 2 fits, each without one row. All passed" in str(text)
    assert "Gaussian: 2 fits, each without one row. 1 of these failed" in str(text)
    assert "lines 17" in str(text)
    assert isinstance(table, Table)
    # Over the row that both have: the totals differ by what the difference would say.
    assert [row[1] for row in table.rows[:2]] == ["−2.00", "−2.00"]
    approximate = fit([-1, -2], method=PSIS, k=np.array([0.2, np.nan]), refitted=1)
    text, _ = tail_tables.leave_one_out(approximate, approximate, GAP)
    assert "1 of 2 rows have a Pareto k above 0.70" in str(text)
    assert "The largest k of the others is 0.20." in str(text)
    exact = fit([-1, -2], method=QUADRATURE, errors=np.zeros(2), refitted=0)
    text, table = tail_tables.leave_one_out(approximate, exact, GAP)
    assert "Gaussian: exact, by quadrature" in str(text)
    assert isinstance(table, Table)
    assert "Student-t PSIS, Gaussian exact, by quadrature" in table.caption
    unknown = tail_tables.leave_one_out(approximate, exact, replace(GAP, mcse=np.inf))
    assert "its Monte Carlo error is not known" in str(unknown[0])
    none = Fitted(xr.Dataset(), Diagnosis(()), None)
    assert "not compared" in str(tail_tables.leave_one_out(none, clean, None)[0])


class Warnings:
    """Takes warnings as a report does."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def warn(self, text: str, advice: str) -> None:
        self.texts.append(text)


def test_what_could_not_be_fitted_is_a_warning() -> None:
    clean, failed = fit([-1, -2]), fit([np.nan, -2], failed=(17,))
    none = Fitted(xr.Dataset(), Diagnosis(()), None)
    for one, other, expected in (
        (clean, clean, []),
        (failed, clean, ["Rows missing from the comparison of the two kinds of noise: 1,"]),
        (clean, none, ["The Gaussian rival failed"]),
        (fit([-1, -2], errors=np.array([np.inf, 0.1])), clean, ["The two kinds of noise are not"]),
    ):
        taken = Warnings()
        tails.warn_of_failures(taken, one, other)  # type: ignore[arg-type]
        assert len(taken.texts) == len(expected)
        assert all(text.startswith(want) for text, want in zip(taken.texts, expected, strict=True))


def rows(*weights: float) -> pd.DataFrame:
    w = np.array(weights)
    columns = dict.fromkeys(("observed", "predicted", "residual", "mcse"), 0.1)
    index = np.arange(len(w)) + 2
    found = pd.DataFrame({**columns, "weight": w, "lower": w / 2, "upper": w}, index=index)
    return found.sort_values("weight")


def test_rows_of_low_weight_are_named() -> None:
    text, table, figure = tail_tables.weights(rows(0.9, 0.2, 0.4, 1.0), "loss")
    assert text == "2 of 4 rows have a weight below 0.5: lines 3, 4."
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == ["3", "4", "2", "5"]
    assert "line 3: 0.2" in figure.alt  # type: ignore[union-attr]
    text, *_ = tail_tables.weights(rows(0.9, 0.7), "loss")
    assert str(text).startswith("No row has a weight below 0.5")
    assert "in line 3 of the file" in str(text)


def test_the_figure_of_weights_stays_small() -> None:
    many = rows(*np.linspace(0.01, 1, 5000))
    figure = tail_figures.figure_of_weights(many)
    assert "300 least of 5,000" in figure.caption
    assert len(figure.svg) < 200_000


def test_moved_says_by_which_rule() -> None:
    found = Moved((14.0, 2.4, 70.0), (3.0, 2.1, 5.0), 0.83, 4.7)
    text = tails.moved(found, 200)
    assert text.startswith("Given 200 rows, nu moved far from its prior: median 14 before")
    assert "below 4.7 changed most, by 0.83" in text


def test_more_rows_are_told_with_what_fails() -> None:
    gap = Difference(22, 9, 0.1, 200)
    said = tails.verdict(STUDENT, gap, 200, Q)
    assert "None of the checks below" in tails.larger(said, [])
    text = tails.larger(said, ["residuals: bursts"])
    assert "residuals: bursts" in text
    assert "can pass for heavy tails" in text


def test_both_models_stand_side_by_side() -> None:
    prob = {"prob_positive[a]": Scalar(0.98, 0.002)}
    table = tail_tables.side_by_side((STUDENTS, prob), (NORMALS, {}))
    assert table.rows[0] == (
        "slope of a",
        "1.00 (0.60 to 1.40)",
        "0.98",
        "2.00 (0.60 to 1.40)",
        "–",
    )
    assert [row[0] for row in table.rows[2:]] == [
        "intercept",
        "scale of the noise",
        "sd of the noise",
    ]
