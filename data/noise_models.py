"""Stack loss of an ammonia plant, to be fitted under several losses; or a CSV's numbers."""

from pathlib import Path

from data._how import AS_IT_IS, Reading
from data._kinds import COUNT, ORDERED, SHARE, TWO, Kind
from data._misfit import instead, own_kind
from data._regression import Regression, read_numeric
from data._suited import command
from data._table import DataError

PATH = Path(__file__).with_suffix(".csv")
BOOKINGS = PATH.with_stem("noise_models_bookings")
REAL, COUNTS, SHARES = "real", "counts", "shares"
NO_GAPS = "losses are compared on rows that are whole"


def load(
    path: Path = PATH,
    formula: str | None = None,
    *,
    drop_missing: bool = False,
    reading: Reading = AS_IT_IS,
) -> Regression:
    """Return outcome and terms of the CSV at `path`: by `formula`, or the last column on all.

    Raises
    ------
    DataError
        The file or the formula cannot be used, or the outcome is text.
    """
    return read_numeric(path, formula, drop_missing=drop_missing, why_not=NO_GAPS, reading=reading)


def kind_of(
    found: Regression,
    path: Path = PATH,
    formula: str | None = None,
    *,
    asked: str | None = None,
    outcome: str | None = None,
) -> str:
    """Return of which kind the outcome is, and so which losses there are: as `asked`, or as seen.

    `formula` and `outcome` are what was asked of the file, for the command in a refusal.

    Raises
    ------
    DataError
        It cannot be of the kind that is asked for; or it has two values, or is a rating, for which
        there is one noise alone, and a case of its own.
    """
    seen, name = own_kind(found), f"the outcome {str(found.outcome.name)!r}"
    if asked is not None:
        _refuse_as(asked, found, path, name)
        return asked
    if seen is None:
        return REAL
    if seen.name in {TWO, ORDERED} and (best := instead("noise_models", seen)):
        run = command(best.case, path, outcome, formula)
        raise DataError(f"{path}: {name} has {_one_noise(seen)}: {run}")
    if seen.name == SHARE and not seen.edges:
        return SHARES
    return COUNTS if seen.name == COUNT else REAL


def _one_noise(seen: Kind) -> str:
    """Say why an outcome of two values, or of ratings, has no losses to be chosen among."""
    if seen.name == TWO:
        return (
            f"{seen.seen}: all noise of two values is Bernoulli, its loss the cross-entropy, and "
            "there is nothing to choose; run logistic_regression"
        )
    return (
        f"{seen.seen}: of ratings the order alone is known, and a loss of the size of an error "
        "needs more (if the steps between them are alike, --kind real); run ordinal_regression"
    )


def _refuse_as(kind: str, found: Regression, path: Path, name: str) -> None:
    """Refuse an outcome that cannot be of the kind that is asked for."""
    y = found.once(found.outcome)
    if kind == COUNTS:
        bad, why = y[(y < 0) | (y % 1 != 0) | (y > 1e9)], "counts are whole numbers from 0 on"
    elif kind == SHARES:
        bad, why = y[(y <= 0) | (y >= 1)], "shares are above 0 and below 1"
    else:
        return
    if not bad.empty:
        first = f"line {bad.index[0]}: {bad.iloc[0]:g}"
        more = f" and {len(bad) - 1:,} more" if len(bad) > 1 else ""
        raise DataError(f"{path}: --kind {kind}: {why}, and {name} is not ({first}{more})")
