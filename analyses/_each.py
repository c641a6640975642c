"""A study of one series, or of each of several by `--each`. Imports nothing that takes long."""

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
    """Return `main`, which with `each` is the study of several series (`analyses/_several.py`)."""

    @functools.wraps(main)
    def either(*args: object, **options: object) -> int:
        bound = inspect.signature(main).bind(*args, **options)
        bound.apply_defaults()
        study = main
        if bound.arguments["each"] is not None:
            study = importlib.import_module("analyses._several").several
        return study(**bound.arguments)

    return either
