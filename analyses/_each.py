"""A study of one series: of each of several by `--each`, of a slope that changes by `--turning`.

Imports nothing that takes long.
"""

import functools
import importlib
import inspect
from collections.abc import Callable
from typing import Annotated, Literal

import typer

Each = Annotated[
    Literal["alone", "pooled"] | None,
    typer.Option(help="Each series of a file: by itself, or with sds from one population."),
]


def or_each(main: Callable[..., int]) -> Callable[..., int]:
    """Return `main`, which with `each` is the study of several series (`analyses/_several.py`).

    With `turning` it is that of a slope that changes (`analyses/_turning.py`).
    """

    @functools.wraps(main)
    def either(*args: object, **options: object) -> int:
        bound = inspect.signature(main).bind(*args, **options)
        bound.apply_defaults()
        study, asked = main, bound.arguments
        if asked["bend"] is not None and not asked["turning"]:
            raise typer.BadParameter("--bend is the prior of a slope that changes: give --turning")
        if asked["each"] is not None:
            study = importlib.import_module("analyses._several").several
        elif asked["turning"]:
            study = importlib.import_module("analyses._turning").turning
        return study(**asked)

    return either
