"""Generated files, and what is no file, for every loader: a model that can be fitted, or exit 3."""

import os
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
from hypothesis import HealthCheck, given, settings, strategies as st

from data import (
    ab_test,
    bandit,
    coal_rate,
    coin_updating,
    count_regression,
    diagnosis,
    known_noise,
    linear_regression,
    logistic_regression,
    mendel_shares,
    noise_models,
    ordinal_regression,
    prior_sensitivity,
    process_corridor,
    proportion_regression,
    quantile_regression,
    robust_regression,
    smooth_curve,
    spam_words,
    sparse_regression,
)
from data._how import Reading
from data._regression import Regression
from data._table import DataError
from models.ab_test import conversion
from models.bandit import clicks
from models.coal_rate import step
from models.coin_updating import coin
from models.count_regression import negative_binomial
from models.diagnosis import asia
from models.known_noise import readings
from models.linear_regression import gaussian
from models.logistic_regression import bernoulli
from models.mendel_shares import shares
from models.noise_models import huber
from models.ordinal_regression import cumulative
from models.prior_sensitivity import births
from models.process_corridor import process
from models.proportion_regression import beta_shares
from models.quantile_regression import quantile_lines
from models.robust_regression import student_t
from models.smooth_curve import smooth
from models.spam_words import naive_bayes
from models.sparse_regression import laplace
from tests.faults.fault import Fault
from tests.faults.tables import numbers, tables

EXAMPLES = 40  # generated files a loader
MODELS = 8  # of them, with numbers of all sizes, that become models


def _regression(build: Callable[..., pm.Model], found: Regression) -> pm.Model:
    return build(found.terms, found.outcome)


def _split(found: Regression) -> pm.Model | None:
    try:
        train, _ = logistic_regression.split(found, 0.3, 1)
    except DataError:
        return None
    return bernoulli(train.terms, train.outcome)


def _counts(found: Regression) -> pm.Model:
    return negative_binomial(found.terms, found.outcome, found.also.iloc[:, 0])


def _process(found: pd.Series) -> pm.Model:
    low, high = found.min(), found.max()
    return process(found, low, high, center=low / 2 + high / 2, spread=(high - low) / 6)


# Loader and model by name; the name's first word says which columns its files have.
LOADERS: dict[str, tuple[Callable[[Path], Any], Callable[[Any], pm.Model | None]]] = {
    "ab_test": (ab_test.load, conversion),
    "prior_sensitivity": (prior_sensitivity.load, births),
    "bandit": (bandit.load, clicks),
    "process_corridor": (process_corridor.load, _process),
    "process_corridor, a column of several": (
        lambda path: process_corridor.read(path, Reading(outcome="y"), drop_missing=True)[0],
        _process,
    ),
    "smooth_curve": (smooth_curve.load, smooth),
    "coin_updating": (coin_updating.load, coin),
    "coal_rate": (coal_rate.load, step),
    "mendel_shares": (mendel_shares.load, shares),
    "diagnosis": (diagnosis.load, asia),
    "known_noise": (known_noise.load, readings),
    "spam_words": (spam_words.read, lambda found: naive_bayes(found.words)),
    "spam_words, held out": (lambda path: spam_words.read(spam_words.PATH, path), lambda _: None),
    "linear_regression": (linear_regression.load, partial(_regression, gaussian)),
    "linear_regression, incomplete": (
        partial(linear_regression.load, drop_missing=True),
        partial(_regression, gaussian),
    ),
    "linear_regression, formula": (
        lambda path: linear_regression.load(path, "y ~ . + log(x)"),
        partial(_regression, gaussian),
    ),
    "logistic_regression": (logistic_regression.load, _split),
    "logistic_regression, event": (partial(logistic_regression.load, event="A"), _split),
    "count_regression": (count_regression.load, _counts),
    "ordinal_regression": (
        ordinal_regression.load,
        lambda found: cumulative(found.terms, found.outcome, found.ratings),
    ),
    "proportion_regression": (proportion_regression.load, partial(_regression, beta_shares)),
    "quantile_regression": (quantile_regression.load, partial(_regression, quantile_lines)),
    "noise_models": (noise_models.load, partial(_regression, huber)),
    "robust_regression": (robust_regression.load, partial(_regression, student_t)),
    "sparse_regression": (sparse_regression.load, partial(_regression, laplace)),
}


def finite(name: str, found: object) -> bool:
    """Say whether the model of what was read has a finite log density where NUTS starts."""
    model = LOADERS[name][1](found)
    if model is None:
        return True
    point = model.initial_point()
    return bool(np.isfinite(model.compile_logp(mode="FAST_COMPILE")(point)))


def read(name: str, path: Path) -> Any:
    """Return what the loader makes of the file at `path`; None if it is refused with a message."""
    try:
        return LOADERS[name][0](path)
    except DataError as error:
        if not str(error):
            raise
        return None


def any_file(folder: Path, name: str) -> Counter[str]:
    """Feed a loader generated files; return how they ended."""
    ends: Counter[str] = Counter()
    path = folder / "any.csv"
    lines = st.lists(st.tuples(st.sampled_from(["spam", "ham", "x", ""]), st.text(max_size=20)))
    messages = lines.map(lambda found: "\n".join(f"{a}\t{b}" for a, b in found).encode())
    kinds = st.binary(max_size=300) | messages | tables(name) | tables(name) | tables(name)

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(kinds)
    def feed(content: bytes) -> None:
        path.write_bytes(content)
        ends["refused" if read(name, path) is None else "read"] += 1

    feed()
    return ends


def extreme(folder: Path, name: str) -> Counter[str]:
    """Feed a loader numbers of all sizes, and build the model of those that it takes."""
    ends: Counter[str] = Counter()
    path = folder / "extreme.csv"

    @settings(
        max_examples=MODELS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(numbers(name))
    def feed(content: bytes) -> None:
        path.write_bytes(content)
        found = read(name, path)
        ends["refused" if found is None else "read"] += 1
        assert found is None or finite(name, found), content

    feed()
    return ends


def generated(folder: Path) -> str:
    """Feed all loaders."""
    ends: Counter[str] = Counter()
    for name in LOADERS:
        ends += any_file(folder, name)
    return (
        f"{ends.total():,} files for {len(LOADERS)} ways to read one: {ends['refused']:,} refused "
        f"with a message, {ends['read']:,} read, no other end."
    )


def sizes(folder: Path) -> str:
    """Feed all loaders but the one of held-out messages numbers of all sizes."""
    ends: Counter[str] = Counter()
    for name in LOADERS:
        if "," not in name:
            ends += extreme(folder, name)
    return (
        f"{ends.total()} files: {ends['refused']} refused with a message; of the other "
        f"{ends['read']} the model has a finite log density where the sampler starts."
    )


def no_file(folder: Path) -> str:
    """Name what is no file of text."""
    os.mkfifo(folder / "pipe")
    (folder / "endless").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "utf16.csv").write_text("arm,visitors,conversions\n", encoding="utf-16")
    (folder / "image.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    paths = [folder, *folder.iterdir(), folder / "none", folder / ("x" * 300), folder / "a\x00b"]
    paths += [Path("/dev/zero"), Path("/dev/tty"), Path("/proc/self/mem")]
    for load, _ in LOADERS.values():
        for path in paths:
            assert _refused(load, path), path
    return f"{len(paths)} of them, each refused at once by each of {len(LOADERS)} ways to read."


def _refused(load: Callable[[Path], object], path: Path) -> bool:
    try:
        load(path)
    except DataError as error:
        return str(path)[:50] in str(error)
    return False


FAULTS = [
    Fault(
        "Files",
        "generated files: bytes, encodings, marks, quotes, NULs, ragged rows, twice the same "
        "column, no rows, numbers that are none, cells of 10,000 characters",
        "read, or exit code 3 with a message",
        generated,
    ),
    Fault(
        "Files",
        "files in order with numbers from 1e-99 to 1e99, or up to 1,000,000,000 cases",
        "a model with a finite log density at the start, or exit code 3 with a message",
        sizes,
    ),
    Fault(
        "Files",
        "a folder, a pipe, a device without end, a loop of links, nothing, an image, UTF-16",
        "exit code 3, at once",
        no_file,
    ),
]
