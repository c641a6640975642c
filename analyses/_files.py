"""The options that say how a file is to be read: one parameter of `main`, several of the command.

A parameter that is annotated with a `Group` takes a `Reading`, which `run` makes of the options.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import typer

from data._how import Reading

_TEXT = {
    "encoding": "How characters are stored, such as latin-1; else UTF-8.",
    "separator": "What stands between cells, such as ';' or tab; else what the header says.",
    "decimal": "The decimal sign, . or ,; else what the cells say.",
    "as_text": "Columns, with commas between, that stay as written: no numbers, no dates.",
    "dates": "Whether 03/04/2024 is day first (dmy) or month first (mdy).",
    "outcome": "Column to predict, if not the last; with --formula it is what stands before ~.",
    "reference": "Level that the others are compared with: district=Nord. Can come again.",
    "levels": "Levels of a column in their order: size=S,M,L. Can come again.",
    "weights": "Column with how many rows a line stands for: frequencies, whole numbers.",
    "missing": "Fill gaps of predictors by a model of them; else see --drop-missing.",
    "event": "Value that counts as happened, if not 1, true or yes.",
}
_TYPES: dict[str, Any] = {
    "decimal": Literal[".", ","],
    "dates": Literal["dmy", "mdy"],
    "missing": Literal["impute"],
    "reference": list[str],
    "levels": list[str],
}


@dataclass(frozen=True)
class Group:
    """Options by name, with their help; None is the help of those that all cases share."""

    helps: tuple[tuple[str, str], ...]

    def parameters(self, parameter: inspect.Parameter) -> list[inspect.Parameter]:
        """Return a parameter of the command line for each, in the place of `parameter`."""
        return [
            parameter.replace(
                name=name,
                default=None,
                annotation=Annotated[_TYPES.get(name, str) | None, typer.Option(help=told)],
            )
            for name, told in self.helps
        ]


def group(*shared: str, **columns: str) -> Group:
    """Return options that cases share, by their names, and those that name columns, with help."""
    names = ("encoding", "separator", "decimal", *shared)
    return Group((*((name, _TEXT[name]) for name in names), *columns.items()))


def expanded(parameters: Mapping[str, inspect.Parameter]) -> list[inspect.Parameter]:
    """Return the parameters of the command line: for one with a group, those of the group."""
    found: list[inspect.Parameter] = []
    for one in parameters.values():
        group = _of(one)
        found += group.parameters(one) if group else [one]
    return found


def gathered(
    parameters: Mapping[str, inspect.Parameter], options: dict[str, Any]
) -> dict[str, Any]:
    """Return the arguments of `main`: a `Reading` in the place of the options of a group."""
    rest = dict(options)
    for name, one in parameters.items():
        if group := _of(one):
            rest[name] = Reading.of({option: rest.pop(option) for option, _ in group.helps})
    return rest


def _of(parameter: inspect.Parameter) -> Group | None:
    found = getattr(parameter.annotation, "__metadata__", ())
    return next((one for one in found if isinstance(one, Group)), None)
