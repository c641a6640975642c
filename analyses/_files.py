"""The options that say how a file is to be read: one parameter of `main`, several of the command.

A parameter that is annotated with a `Group` takes a `Reading`, which `run` makes of the options.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import typer

from data._how import AS_IT_IS, Reading

__all__ = ["AS_IT_IS", "Births", "Dated", "Findings", "Kinds", "Messages", "Numbers", "Readings"]
__all__ += ["Results", "Shown", "Test", "Trials", "Values", "expanded", "gathered"]

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


def _group(*shared: str, **columns: str) -> Group:
    names = ("encoding", "separator", "decimal", *shared)
    return Group((*((name, _TEXT[name]) for name in names), *columns.items()))


Numbers = Annotated[
    Reading, _group("dates", "as_text", "outcome", "reference", "levels", "weights", "missing")
]
Test = Annotated[
    Reading,
    _group(
        "event",
        arm="Column with the arm.",
        visitors="Column with the number of visitors.",
        conversions="Column with the number of conversions.",
        converted="Column, in a file of a row a visitor, that says whether one converted.",
        guardrail="Column with the guardrail.",
    ),
]
Shown = Annotated[
    Reading,
    _group(
        "event",
        variant="Column with the variant.",
        shown="Column with how often it was shown.",
        clicked="Column with how often it was clicked, or, of a row a visitor, whether.",
    ),
]
Births = Annotated[
    Reading,
    _group(
        "event",
        outcome="Column, in a file of a row a trial, that says whether it happened.",
        events="Column with the number of events.",
        trials="Column with the number of trials.",
    ),
]
Dated = Annotated[
    Reading,
    _group(
        "dates",
        date="Column, in a file of a row an event, that says when it was.",
        period="Column with the period, in a file of counts.",
        count="Column with the number of events of a period.",
    ),
]
Trials = Annotated[
    Reading, _group("event", outcome="Column that says of each trial whether it happened.")
]
Kinds = Annotated[
    Reading, _group(kind="Column with the kind.", count="Column with the number of each kind.")
]
Values = Annotated[
    Reading, _group(outcome="Column with the measurement of each piece, if not value.")
]
Findings = Annotated[
    Reading,
    _group(
        "event",
        visit="Column that says whether the patient was in Asia lately.",
        smoking="Column that says whether the patient smokes.",
        tuberculosis="Column that says whether tuberculosis was found.",
        cancer="Column that says whether lung cancer was found.",
        bronchitis="Column that says whether bronchitis was found.",
        xray="Column that says whether the chest X-ray shows something.",
        dyspnoea="Column that says whether the patient is short of breath.",
    ),
]
Results = Annotated[Reading, _group(outcome="Column with the result, if not the last.")]
Readings = Annotated[Reading, _group(outcome="Column with the readings, if not reading.")]
Messages = Annotated[
    Reading,
    _group(
        "event",
        label="Column that says spam or ham.",
        text="Column with the message.",
        word="Column with the word, of counts.",
        spam_with="Column with the number of spam messages that have it.",
        spam_total="Column with the number of all spam messages.",
        ham_with="Column with the number of ham messages that have it.",
        ham_total="Column with the number of all ham messages.",
    ),
]


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
