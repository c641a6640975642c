"""Have several fits the same outcome, row by row? If not, which runs of one analysis are they?"""

from collections.abc import Sequence

import numpy as np

from workflow.comparing.forms import AS_IS, Form, forms
from workflow.comparing.saved import ROW, NotComparableError, Saved
from workflow.sampling.members import MISSING

ANY = {"data", "out", "name", "quiet", "quick", "draws", "tune", "chains", "seed"}
SHOWN = 3  # rows that a message names


def outcome_forms(fits: Sequence[Saved]) -> list[Form]:
    """Return in which form each fit has the outcome that all of them have.

    Raises
    ------
    NotComparableError
        They have not the same outcome in the same rows, or no log-likelihood by row.
    """
    first, *others = fits
    for fit in fits:
        _check_by_row(fit)
    for other in others:
        _check_kind(first, other)
        _check_rows(first, other)
    if first.outcome.dtype.kind != "f":
        for other in others:
            _check_values(first, other)
        return [AS_IS for _ in fits]
    named = [fit.outcome_written[0] if fit.outcome_written else None for fit in fits]
    found = forms([fit.outcome for fit in fits], named)
    if found is None:
        for other in others:
            pair = forms([first.outcome, other.outcome], [None, None])
            if pair is None:
                _check_values(first, other)
        raise NotComparableError("the fits have no outcome in common that each is a function of")
    y = found[0].back(first.outcome)
    for fit, form in zip(fits, found, strict=True):
        _check_slope(fit, form, y)
    return found


def _check_by_row(fit: Saved) -> None:
    if MISSING in fit.tree["posterior"]:
        raise NotComparableError(
            f"{fit.name}: gaps of its predictors were filled (--missing impute), and what fills "
            "those of a row has seen its outcome, so the row cannot be left out; fit both with "
            "--drop-missing to compare them"
        )
    if fit.by_row is not None:
        return
    variables = fit.densities.data_vars.values()
    if not variables:
        raise NotComparableError(
            f"{fit.name}: the file has no log-likelihood (group log_likelihood), without which "
            "nothing is known of rows left out; run the case again"
        )
    dims = {str(dim) for one in variables for dim in one.dims} - {"chain", "draw"}
    by = " and ".join(sorted(dims - {ROW})) or "whole outcome"
    raise NotComparableError(
        f"{fit.name}: its log-likelihood is by {by} and not by row, so no row can be left out to "
        "see how well it is predicted; two runs of one analysis with the same settings can be "
        "compared for what changed"
    )


def _check_kind(one: Saved, other: Saved) -> None:
    kinds = [fit.outcome.dtype.kind == "f" for fit in (one, other)]
    if kinds[0] != kinds[1]:
        dense, counted = (one, other) if kinds[0] else (other, one)
        raise NotComparableError(
            f"{dense.name} predicts a number and has densities, {counted.name} predicts a class or "
            "a count and has probabilities: the two are no measure of the same; compare fits of "
            "one kind of outcome"
        )


def _check_rows(one: Saved, other: Saved) -> None:
    if one.rows != other.rows:
        raise NotComparableError(
            f"other rows: {one.name} has {one.rows:,}, {other.name} {other.rows:,}; fit both to "
            "the same file, and where one formula needs a column with missing values, remove those "
            "rows from the file first"
        )
    if not np.array_equal(one.lines, other.lines):
        only = [line for line in one.lines if line not in {*other.lines}]
        if one.rows > len(one.lines):
            raise NotComparableError(
                f"other rows: of {one.rows:,} rows each fit has kept {len(one.lines):,} drawn at "
                "random, and not the same; run both with the same --seed, and --ordered for both "
                "or for neither"
            )
        raise NotComparableError(
            f"other rows: {one.name} has {len(only):,} that {other.name} has not "
            f"({one.row_word}s {', '.join(map(str, only[:SHOWN]))}); fit both to the same rows of "
            "the same file"
        )
    if one.rows > len(one.lines) and one.data_sum != other.data_sum:
        raise NotComparableError(
            f"{one.name} and {other.name} read other files, and of {one.rows:,} rows only "
            f"{len(one.lines):,} are kept, so the others cannot be compared; fit both to one file"
        )


def _check_values(one: Saved, other: Saved) -> None:
    differ = np.flatnonzero(one.outcome != other.outcome)
    if differ.size:
        at = differ[0]
        where = f"{one.row_word} {one.lines[at]}"
        values = f"{one.outcome[at]:.10g} and {other.outcome[at]:.10g}"
        raise NotComparableError(
            f"other outcome values: {one.name} and {other.name} differ in {len(differ):,} of "
            f"{len(one.lines):,} rows ({where}: {values}), and neither is a function "
            "of the other that is known here (log, log10, log2, log1p, sqrt, 1/y, y², exp, expm1, "
            "a + b y); fit both to the same outcome of the same file"
        )


def _check_slope(fit: Saved, form: Form, y: np.ndarray) -> None:
    with np.errstate(all="ignore"):
        bad = np.flatnonzero(~np.isfinite(form.log_slope(y)))
    if bad.size:
        where = f"{fit.row_word} {fit.lines[bad[0]]}"
        raise NotComparableError(
            f"{fit.name}: where the outcome is {y[bad[0]]:.4g} ({where}), "
            f"{form.written.format(y='y')} has no finite slope, so its densities cannot be brought "
            "to the outcome itself; compare it with fits of the same transformation"
        )


def settings_that_differ(one: Saved, other: Saved) -> list[str]:
    """Return which settings of the analysis differ, those of the sampler and of files left out."""
    names = dict.fromkeys([*one.settings, *other.settings])
    return [
        name
        for name in names
        if name not in ANY and one.settings.get(name) != other.settings.get(name)
    ]


def two_runs(fits: Sequence[Saved]) -> bool:
    """Say whether these are two runs of one analysis: case, settings and outcome are the same."""
    if len(fits) != 2 or fits[0].outcome_name != fits[1].outcome_name:
        return False
    return fits[0].case == fits[1].case and not settings_that_differ(*fits)
