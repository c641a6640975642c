"""What could be tried: the rows of a pool, or settings within ranges; and what a trial is worth."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import typer
import xarray as xr

from analyses._numbers import not_both
from data._how import Reading
from data.next_experiment import POOL, REGRET, Tried, ranges, read_pool
from models.next_experiment import JITTER
from reports.blocks.numbers import figure
from reports.blocks.text import listed
from reports.functions.told import Told
from workflow.functions.boxes import Box, explored
from workflow.functions.surrogate import Tried as Known
from workflow.functions.thompson import by_functions
from workflow.functions.trials import Search

SHARE = 0.01  # of the range of the results: what a trial is worth that nobody stated


@dataclass(frozen=True)
class Could:
    """What could be tried: the rows of a pool (index: the line), or else a box."""

    path: Path | None
    pool: pd.DataFrame | None
    box: Box
    given: tuple[str, ...]  # settings whose range was given


def could(
    tried: Tried, pool: Path | None, texts: Sequence[str] | None, reading: Reading, *, shipped: bool
) -> Could:
    """Return what could be tried; without pool and ranges settings within those that were.

    Raises
    ------
    DataError
        The pool cannot be used.
    typer.BadParameter
        A range cannot be used, or there is a pool beside it.
    """
    not_both(pool=pool, range=texts or None)
    try:
        given = ranges(texts or (), tried)
    except ValueError as error:
        raise typer.BadParameter(f"--range {error}") from None
    path = POOL if shipped and not given and pool is None else pool
    rows = read_pool(path, tried, reading) if path else None
    return Could(path, rows, Box.around(tried.settings, given), tuple(given))


def described(tried: Tried, told: Could) -> str:
    """Say what could be tried."""
    if told.path is not None and told.pool is not None:
        return f"the {len(told.pool):,} settings of {told.path.name}"
    ends = (
        f"{name} {figure(float(low), 6)} to {figure(float(high), 6)}"
        for name, low, high in zip(tried.settings, told.box.low, told.box.high, strict=True)
    )
    few = [
        str(name)
        for name, values in zip(tried.settings, told.box.values, strict=True)
        if values is not None
    ]
    only = f" ({listed(few)}: at the values that were tried, and no others)" if few else ""
    own = (
        ""
        if told.given
        else ", which is where it was tried, since neither --pool nor --range says more"
    )
    return f"any setting with {listed(ends)}{only}{own}"


def known(tried: Tried, level: float) -> Known:
    """Return what was tried as numbers, and what the model takes as known."""
    y = tried.results.to_numpy(dtype=float)
    sd = float(tried.results.std())
    x = tried.settings.to_numpy(dtype=float)
    return Known(x, y, float(y.mean()), level * sd, JITTER * sd**2)


def search(
    tried: Tried,
    told: Could,
    posterior: xr.Dataset,
    worth: float | None,
    *,
    level: float,
    minimise: bool,
    seed: int,
) -> Search:
    """Return the search among what could be tried; of a box the settings are chosen here."""
    y = tried.results
    least = SHARE * float(y.max() - y.min()) if worth is None else worth
    sign = -1 if minimise else 1
    x = tried.settings if told.pool is None else told.pool
    found = Search(known(tried, level), x.to_numpy(dtype=float), least, sign)
    return found if told.pool is not None else explored(found, posterior, told.box, seed=seed)


def told(
    tried: Tried,
    could: Could,
    found: Search,
    posterior: xr.Dataset,
    batch: int,
    *,
    by: str,
    seed: int,
) -> Told:
    """Return what is to be told: what is known of all settings, and which to try next."""
    seen, of_tried = found.seen(posterior)
    lines = np.arange(len(found.candidates)) if could.pool is None else could.pool.index
    table = pd.DataFrame(found.candidates, columns=tried.settings.columns, index=lines)
    name = could.path.name if could.path else ""
    about = (tried.settings, tried.results, table, name, found, seen, of_tried)
    if by == "thompson":
        return Told(*about, *by_functions(found, posterior, seen, batch, seed=seed))
    return Told(*about, found.batch(posterior, seen, batch, seed=seed))


def searches() -> tuple[dict[str, dict[str, np.ndarray]], int]:
    """Return frozen regrets: of the mixes, and of functions; and with how many settings they began.

    By what was searched, and the kind of search. Dims: search, trial.
    """
    made = json.loads(REGRET.read_text(encoding="utf-8"))
    found = {
        name: {kind: np.array(one) for kind, one in kinds.items()}
        for name, kinds in made["regret"].items()
    }
    return found, made["first"]
