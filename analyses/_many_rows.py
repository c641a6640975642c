"""Many rows are fitted by what they come to, where that is exact and the model has such a form.

NUTS, ADVI and the sweep then take no longer for ten million rows than for a hundred. Where the rows
of events stay many, a Gaussian at the mode is certified by all of them. Predictions, and the
densities of rows, are those of the model by row. Regressions with other noise go that way as well,
by their own model (`any_mode`). Several quantiles' lines do not: in the kinks of their costs, with
ten terms, the search for the highest point does not arrive.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pymc as pm

from models._counted import Counted, kinds_of
from models._regression import steps
from models._sums import Sums
from models.count_regression import negative_binomial
from models.linear_regression import gaussian, of_sums
from models.logistic_regression import bernoulli, of_counts, root_of_prior
from models.noise_models import huber, laplace
from models.ordinal_regression import cumulative
from models.proportion_regression import beta_shares
from models.robust_regression import student_t
from models.sparse_regression import horseshoe, horseshoe_of_sums, laplace as small, laplace_of_sums
from workflow.regression.any_mode import AnyMode
from workflow.regression.at_mode import AtMode
from workflow.regression.binomial_rows import BinomialRows
from workflow.sampling.members import GAP, OF_ROW
from workflow.sampling.part import ROW

SOME = 20_000  # rows that are looked at first: where all differ, no kind can be frequent
MANY = 10_000  # rows from which on: of fewer nobody waits, and every row is looked at anyway
OTHERS = 20_000  # rows of the other regressions, whose models are compiled anew for it
FEW = 60  # parameters, up to which many draws about a mode are taken
CERTIFIED = (negative_binomial, beta_shares, student_t, cumulative, huber, laplace)
SUMMED: dict[Callable[..., pm.Model], Callable[..., pm.Model]] = {
    gaussian: of_sums,
    small: laplace_of_sums,
    horseshoe: horseshoe_of_sums,
}
EQUAL = 2  # rows of a kind, on average, from which on they are counted


def by_sums(build: "partial[pm.Model]") -> "partial[pm.Model] | None":
    """Return what builds the same posterior from sums; None where rows are few, or not alike.

    That is of Gaussian noise (`SUMMED`) and, where many rows are equal in all terms, of
    `models.logistic_regression.bernoulli`, with terms, outcome and groups as positions: groups have
    offsets of their own, and gaps are unknowns of single rows.
    """
    if build.func not in (*SUMMED, bernoulli):
        return None
    terms, outcome, *groups = build.args
    if len(outcome) < MANY or any(one is not None for one in groups) or terms.isna().any(axis=None):
        return None
    if summed := SUMMED.get(build.func):
        return partial(summed, Sums.of(terms, outcome), **build.keywords)
    rows = Counted.of(terms, outcome) if _alike(terms) else None
    if rows is None or EQUAL * len(rows.trials) > len(outcome):
        return None
    return partial(of_counts, rows, **build.keywords)


def _alike(terms: pd.DataFrame) -> bool:
    """Say whether it is worth counting kinds of rows: among some evenly spaced, any are equal."""
    some = terms.iloc[:: max(1, len(terms) // SOME)]
    return bool(some.duplicated().any())


def at_mode(build: "partial[pm.Model]", fitted: "partial[pm.Model]") -> AtMode | None:
    """Return what fits many rows at the mode; None where they are few, or no rows of events.

    `fitted` builds the model of what the rows come to, or is `build`.
    """
    if build.func is not bernoulli or any(one is not None for one in build.args[2:]):
        return None
    terms, outcome = build.args[:2]
    kinds = fitted.args[0] if fitted.func is of_counts else None
    if len(outcome if kinds is None else kinds.trials) < MANY or terms.isna().any(axis=None):
        return None
    centre, scale = terms.mean().to_numpy(), steps(terms)
    x = terms.to_numpy(dtype=float) if kinds is None else kinds.x
    events = outcome.to_numpy(dtype=float) if kinds is None else kinds.events
    trials = np.ones(len(x)) if kinds is None else kinds.trials
    root = root_of_prior(terms, r2=0.5)
    along = np.column_stack([np.ones(len(x)), ((x - centre) / scale) @ root])
    rows = BinomialRows(along, events, trials)
    return AtMode(rows, "log_odds_ratio", list(map(str, terms)), centre, scale, root)


def any_mode(build: "partial[pm.Model]", model: pm.Model) -> AnyMode | None:
    """Return what fits many rows of another regression at the mode; None where NUTS has to.

    That is where rows are few, groups have offsets of their own, gaps are unknowns of single rows,
    or parameters are many. Rows that are equal in everything are counted.
    """
    return of_model(model) if build.func in CERTIFIED else None


def of_model(model: pm.Model) -> AnyMode | None:
    """Return the same of any model of rows, such as a rival."""
    sizes = [np.size(one) for one in model.initial_point().values()]
    if sum(sizes) > FEW or {GAP, OF_ROW} & {*model.named_vars}:
        return None
    by_row = [v for v in model.data_vars if ROW in model.named_vars_to_dims.get(v.name, ())]
    columns = [one.get_value().reshape(len(one.get_value()), -1) for one in by_row]
    if len(columns[0]) < OTHERS:
        return None
    rows = pd.DataFrame(np.hstack(columns))
    told = kinds_of(rows) if _alike(rows) else None
    if told is None or EQUAL * len(told[0]) > len(rows):
        return AnyMode(model)
    return AnyMode(model, (told[0], np.bincount(told[1])))
