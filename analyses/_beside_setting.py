"""A step of the study of one process: how the measurement goes with a setting of the process."""

from functools import partial

import pandas as pd

from analyses._study import Study
from models.process_corridor import with_setting
from reports.blocks import tables
from reports.blocks.blocks import Block
from reports.blocks.mathematics import mathematics
from reports.process import pairs as words
from workflow.checking.diagnostics import Status, diagnose
from workflow.process import pairs
from workflow.process.limits import Limits
from workflow.quantities import Quantity, named, summarise
from workflow.sampling.fit import compile_nuts, data_of, sample_nuts

TOLD = ("correlation", "slope", "sd", "sd_given")


def goes_with(study: Study, columns: pd.DataFrame, limits: Limits) -> dict[str, Quantity]:
    """Fit measurement and setting together, add the section, and return the correlation.

    There is nothing to tell, and nothing is returned, where the draws cannot be trusted, or where
    `columns` has no setting.
    """
    if columns.shape[1] < 2:
        return {}
    values, settings = columns.iloc[:, 0], columns.iloc[:, 1]
    name, setting = str(values.name), str(settings.name)
    study.step("fit with the setting")
    model = with_setting(values, settings)
    lengths = {"draws": study.draws, "tune": study.tune, "chains": study.chains}
    tree = sample_nuts(compile_nuts(model), data_of(model), seed=study.seed, **lengths)
    diagnosis, posterior = diagnose(tree), tree["posterior"].to_dataset()
    add = partial(study.section, f"What goes with {setting}?")
    how: list[Block] = [tables.diagnosis(diagnosis), mathematics(with_setting)]
    if diagnosis.status is Status.FAIL:
        add("Nothing is told of it, because its draws cannot be trusted.", *how)
        why = "; ".join(diagnosis.reasons())
        study.warn(
            f"How the measurement goes with {setting} is not told: {why}.",
            "Is one of the two columns computed from the other? Else draw more (--draws).",
        )
        return {}
    found = summarise(posterior[[*TOLD]])
    mean = posterior["mean"].mean(("chain", "draw")).sel(column=["y", "x"]).to_numpy()
    spread = pairs.covariances(posterior).mean(axis=0)
    along, p = pairs.axes(spread), pairs.improbable(posterior, values, settings)
    many, less = int((p < 1 - pairs.CORRIDOR).sum()), float((posterior["correlation"] ** 2).mean())
    add(
        words.words(found, less, setting, many, len(values)),
        words.corridors(values, settings, limits, (mean, spread, along), p),
        words.table(found, name, setting),
        words.axes(along, name, setting),
        *words.outside(values, settings, p),
        "The model of both columns, fitted by NUTS alone and with a prior of its own:",
        *how,
    )
    words.warn(study.page, many, len(values))
    return named(found, "correlation")
