"""Generated files, and what is no file, for every loader: a model that can be fitted, or exit 3."""

import csv
import io
import os
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pymc as pm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import (
    ab_test,
    linear_regression,
    logistic_regression,
    prior_sensitivity,
    robust_regression,
    spam_words,
)
from data._regression import Regression
from data._table import DataError
from models.ab_test import conversion
from models.linear_regression import gaussian
from models.logistic_regression import bernoulli
from models.prior_sensitivity import births
from models.robust_regression import student_t
from models.spam_words import naive_bayes
from tests.faults.fault import Fault

EXAMPLES = 40  # generated files a loader
MODELS = 8  # of them, with numbers of all sizes, that become models

NAMES = {
    "ab_test": ["arm", "visitors", "conversions", "guardrail", "converted"],
    "prior_sensitivity": ["girls", "births", "girl", "events", "trials", "event"],
    "spam_words": ["word", "spam_with", "spam_total", "ham_with", "ham_total", "label", "text"],
    "spam_words, held out": ["words", "spam", "ham"],
    "regression": ["x", "y", "C", "self", "index", "0", "__class__", "a b", "Intercept"],
}
CELLS = [
    *("0", "1", "2", "3", "10", "true", "FALSE", "A", "B", "spam", "ham", "free", "free call"),
    *("", " ", "NA", "nan", "inf", "-inf", "1e400", "1e-400", "1e99", "-1e99", "1e308", "5e-324"),
    *("-1", "1.5", "1,5", "0x10", "1_000", "١", "９", "1e9", "1000000000", "99999999999999999999"),
    *("2024-01-31", "31.1.2024", "12:30", "=1+1", "@x", "+1", "-x", '"', "'", "\x00", "\t", "\r"),
    *("<b>", "{{7*7}}", "\u202e", "\u2028", "😀", "a" * 10_000, "9" * 400, "(" * 500, "\ufffe"),
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp500"]

nasty = (
    st.sampled_from(CELLS)
    | st.integers(0, 50).map(str)
    | st.floats().map(repr)
    | st.text(max_size=5)
)
plain = st.sampled_from(["0", "1", "1", "2", "3", "7"])
HEADS = {
    "ab_test": [["arm", "visitors", "conversions"], ["arm", "converted"]],
    "prior_sensitivity": [["girls", "births"], ["event"]],
    "spam_words": [["word", *(f"{c}_{n}" for c in ("spam", "ham") for n in ("with", "total"))]],
    "spam_words, held out": [["words", "spam", "ham"]],
    "regression": [["x", "y"], ["x", "a b", "y"], ["x", "z", "C", "y"]],
}
FIRST = {"arm": ["A", "B", "C"], "word": ["free", "call", "ok"], "words": ["free", "call free", ""]}


@st.composite
def tables(draw: st.DrawFn, name: str) -> bytes:
    """Draw a file that looks like a table for a loader, with none or some of it wrong."""
    kind = name if name in HEADS else "regression"
    header = list(draw(st.sampled_from(HEADS[kind])))
    first = st.sampled_from(FIRST[header[0]]) if header[0] in FIRST else plain
    row = st.tuples(first, *[plain] * (len(header) - 1)).map(list)
    rows = [header, *draw(st.lists(row, min_size=2, max_size=8))]
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 5]))):
        at = draw(st.sampled_from(rows))
        wrong = draw(nasty | st.sampled_from(NAMES[kind]))
        place = draw(st.integers(0, len(header)))
        taken: int = draw(st.sampled_from([1, 1, 1, 0, 2]))
        at[place : place + taken] = [wrong]
    file = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
    csv.writer(file, lineterminator=end).writerows(rows)
    text = file.getvalue()
    text = text.replace(",", draw(st.sampled_from([*[","] * 8, ";", "\t"])))
    coded = draw(st.sampled_from([*["utf-8"] * 8, *ENCODINGS]))
    mark = draw(st.sampled_from([*[b""] * 8, b"\xef\xbb\xbf", b'"', b"\x00"]))
    return mark + text.encode(coded, errors="replace")


@st.composite
def numbers(draw: st.DrawFn, kind: str) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    if kind == "ab_test":
        many = [draw(st.integers(1, 10**9)) for _ in range(draw(st.integers(2, 4)))]
        rows = [f"arm {i},{v},{draw(st.integers(0, v))}" for i, v in enumerate(many)]
        return "\n".join(["arm,visitors,conversions", *rows]).encode()
    if kind == "prior_sensitivity":
        n = draw(st.integers(1, 10**9))
        return f"events,trials\n{draw(st.integers(0, n))},{n}\n".encode()
    if kind == "spam_words":
        s, h = draw(st.integers(1, 10**9)), draw(st.integers(1, 10**9))
        words = [
            f"{w},{draw(st.integers(0, s))},{s},{draw(st.integers(0, h))},{h}"
            for w in ("free", "ok")
        ]
        return "\n".join(["word,spam_with,spam_total,ham_with,ham_total", *words]).encode()
    size = 10.0 ** draw(st.integers(-99, 99))
    near = draw(st.floats(-1, 1)) * 10.0 ** draw(st.integers(-99, 99))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = near + size * rng.normal(size=(draw(st.integers(3, 12)), 3))
    outcome = rng.integers(0, 2, size=len(x)) if kind == "logistic_regression" else x[:, 2]
    rows = [
        f"{a!r},{b!r},{y!r}" for a, b, y in zip(*x.T[:2].tolist(), outcome.tolist(), strict=True)
    ]
    return "\n".join(["a,b,y", *rows]).encode()


def _regression(build: Callable[..., pm.Model], found: Regression) -> pm.Model:
    return build(found.terms, found.outcome)


def _split(found: Regression) -> pm.Model | None:
    try:
        train, _ = logistic_regression.split(found, 0.3, 1)
    except DataError:
        return None
    return bernoulli(train.terms, train.outcome)


# Loader and model by name; the name's first word says which columns its files have.
LOADERS: dict[str, tuple[Callable[[Path], Any], Callable[[Any], pm.Model | None]]] = {
    "ab_test": (ab_test.load, conversion),
    "prior_sensitivity": (prior_sensitivity.load, births),
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
    "robust_regression": (robust_regression.load, partial(_regression, student_t)),
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
