"""Which rows judge a fit of an outcome of two values: all, left out one at a time, or a split.

Steps of a study: the rows, and whether probabilities are honest and tell them apart.
"""

from collections.abc import Mapping
from typing import TypedDict

import numpy as np
import pandas as pd
import typer
import xarray as xr

from analyses._study import Study
from data._regression import Regression
from data._split import split, whole
from reports.blocks.blocks import Block
from reports.page.rendering import Section
from reports.regression import held_out as seen, logistic as logistic_words, told_apart as words_of
from reports.regression.costs import Words
from workflow.deciding.costs import Stakes
from workflow.quantities import Quantity
from workflow.regression import chance
from workflow.regression.grouped import as_terms
from workflow.regression.held_out import HeldOut, evaluate
from workflow.regression.left_out import LeftOut
from workflow.regression.logistic import Map
from workflow.regression.modes_left_out import mode_left_out
from workflow.regression.regression import standardised
from workflow.sampling.fit import data_of


class Prior(TypedDict):
    """The prior, as `map_estimate` takes it."""

    root: float | np.ndarray
    level_sd: float


def parts(
    found: Regression, hold_out: float | None, seed: int, group: str | None
) -> tuple[Regression, Regression]:
    """Return the rows that are fitted and those that judge: all rows twice without a split.

    Raises
    ------
    typer.BadParameter
        A group is to stay together, and there is no split; or rows that have groups are to be held
        out.
    """
    if hold_out is not None and found.groups is not None:
        raise typer.BadParameter(
            f"--hold-out and (1 | {found.groups.column}): rows of a group on both sides would be "
            "predicted better than those of another; leave --hold-out out, then each row is judged "
            "by the fit to the others, those of its group among them"
        )
    if hold_out is not None:
        return split(found, hold_out, seed, group)
    if group is not None:
        raise typer.BadParameter(
            f"--group {group} says which rows are held out together, and no rows are held out: add "
            f"--hold-out, as in --hold-out .3 --group {group}"
        )
    every = whole(found)
    return every, every


def said(
    train: Regression, held: Regression, hold_out: float | None, seed: int, name: str
) -> list[Block]:
    """Return how rows are judged, and the counts of a split."""
    if hold_out is None:
        return [seen.ALL]
    outcomes = {"fitted": train.outcome, "held out": held.outcome}
    return seen.split(outcomes, name, hold_out, seed)


def rows(
    study: Study, posterior: xr.Dataset, held: Regression, stakes: Stakes, words: Words
) -> HeldOut:
    """Return the rows that judge; those left out one at a time with the refits that they need."""
    if words.rows != seen.LEFT:
        return HeldOut(held.outcome, held.terms, stakes, words.options)
    study.step("leave-one-out")
    at = study.rows
    found = LeftOut(held.outcome.iloc[at], held.terms.iloc[at], stakes, words.options)
    if study.sound:
        found.refit(
            study.by_row,
            data_of(study.model),
            posterior,
            at=None if isinstance(at, slice) else at,
            draws=study.draws,
            chains=study.chains,
            seed=study.seed,
        )
        seen.warn_of_unsure(study.page, found.elpd(posterior))
    return found


def honest(
    study: Study,
    judged: HeldOut,
    posterior: xr.Dataset,
    train: Regression,
    mode: Map,
    prior: Prior,
    words: Words,
) -> Section:
    """Add whether probabilities are honest on rows that they do not come from, and warn.

    `mode` is that of the rows of `train`, under `prior`.
    """
    p, (drawn, terms) = judged.probabilities(posterior), as_terms(posterior, train.terms)
    z = standardised(terms)
    told: list[Block] = []
    if isinstance(judged, LeftOut):
        plugged = mode_left_out(z, train.outcome, **prior)[study.rows]
        told = [seen.left_out(judged.elpd(posterior), len(train.outcome))]
    else:
        plugged = mode.probabilities(standardised(judged.terms, like=train.terms))
    own = isinstance(judged, LeftOut) and chance.worth_fitting(terms)
    if own:
        about = drawn, terms, train.outcome
        by_chance = chance.of_rows_left_out(*about, z=z, **prior, seed=study.seed)
    else:
        rows = judged.terms if terms is train.terms else terms.loc[judged.terms.index]
        by_chance = chance.of_new_rows(drawn, rows, judged.outcome, p, seed=study.seed)
    sets = {"posterior predictive": p, "plug-in MAP": plugged}
    found = evaluate(judged.outcome, sets, by_chance, seed=study.seed)
    blocks = seen.evaluation(found, words, len(judged.outcome), own=own)
    seen.warn(study.page, found, words)
    return study.check("Are the probabilities honest?", *told, *blocks)


def penalised(
    study: Study,
    modes: Mapping[float, Map],
    own: Map,
    found: Mapping[str, Quantity],
    groups: pd.Series | None,
) -> None:
    """Add modes under L2 penalties beside the posterior, where rows have no groups."""
    if groups is None:
        told = logistic_words.modes(modes, own, found, "MAP, this prior")
        study.section("What of penalised regression?", *told)


def told_apart(
    study: Study, judged: HeldOut, posterior: xr.Dataset, p: np.ndarray, words: Words
) -> Section:
    """Add how well probabilities `p` of the rows tell those with the event from others."""
    found = judged.told_apart(posterior, p)
    return study.section("How well are they told apart?", *words_of.blocks(found, words))
