"""Which few terms would do, and whether mean, mode or another prior predicts better: the steps."""

from collections.abc import Mapping
from functools import partial

import pandas as pd
import typer
import xarray as xr

from analyses._many_rows import by_sums
from analyses._sampled import QUICK
from analyses._study import Study
from models.sparse_regression import horseshoe
from reports.regression import shrunk as said, sparse as words
from workflow.checking.diagnostics import Status, diagnose
from workflow.regression import shrunk, submodels as small
from workflow.regression.shrunk import HORSESHOE, LAPLACE, Estimate
from workflow.regression.submodels import Rows, Submodels
from workflow.sampling.fit import compile_nuts, data_of, sample_nuts

by_term = said.shrunk  # a table, for the analysis
FEW = 500  # draws, and warm-up draws, of the horseshoe, each of which takes many steps
EIGHTH = 1 / 8  # of the terms, which are expected to matter where nobody says how many


def expected(relevant: float | None, terms: int) -> float:
    """Return how many terms the horseshoe expects to matter, which are fewer than there are.

    Raises
    ------
    typer.BadParameter
        That is not so.
    """
    if relevant is not None and relevant >= terms:
        raise typer.BadParameter(f"--relevant {relevant:g}: there are {terms} terms")
    return EIGHTH * terms if relevant is None else relevant


def submodels(
    study: Study, posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, name: str
) -> tuple[Submodels, Rows, Estimate]:
    """Add which few terms would do; return that, the rows left out, and the mean without each."""
    study.step("submodels")
    rows = small.rows_of(terms, outcome, seed=study.seed)
    rest = small.without(posterior, rows)
    found = small.submodels(posterior, terms, rows, rest)
    study.section("Which few terms would do?", *words.submodels(found, name, float(outcome.std())))
    words.warn_of_unsure(study.page, found)
    return found, rows, shrunk.of_means(posterior, rows, rest)


def estimates(
    study: Study,
    posterior: xr.Dataset,
    mean: Estimate,
    rows: Rows,
    terms: pd.DataFrame,
    outcome: pd.Series,
    name: str,
    settings: Mapping[str, float],
) -> dict[str, Estimate]:
    """Add how well mean, modes and no prior predict, and the horseshoe, unless in a quick look.

    `settings` are the arguments of `models.sparse_regression.horseshoe`.
    """
    found = {LAPLACE: mean, **shrunk.modes(posterior, rows)}
    told: list[str] = [QUICK] if study.quick else []
    if not study.quick:
        study.step("the horseshoe rival")
        build = partial(horseshoe, terms, outcome, **settings)
        model = (by_sums(build) or build)()
        lengths = {"draws": min(study.draws, FEW), "tune": min(study.tune, FEW)}
        lengths |= {"chains": study.chains, "retries": 0}
        tree = sample_nuts(compile_nuts(model), data_of(model), **lengths, seed=study.seed)
        if (diagnosis := diagnose(tree)).status is Status.FAIL:
            told = [said.failed(diagnosis)]
        else:
            drawn = tree["posterior"].to_dataset()
            found[HORSESHOE] = shrunk.of_means(drawn, rows, small.without(drawn, rows))
    study.section(
        "Does the mean predict better than the mode?",
        *said.estimates(found, name, float(outcome.std())),
        *told,
    )
    return found
