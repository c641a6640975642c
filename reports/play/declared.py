"""What a learner's page consists of: knobs, numbers, panels; the same for Python and its script."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from reports.blocks.numbers import MINUS
from workflow.play.randoms import State

type Kind = Literal["line", "area", "dots", "marker", "segments", "across", "level"]


@dataclass(frozen=True)
class Knob:
    """A slider: what it is called, its unit, the values it stops at, and where it begins."""

    key: str
    label: str
    values: tuple[float, ...]
    start: float
    unit: str = ""

    @property
    def at(self) -> int:
        """Which of the values it begins with."""
        return self.values.index(self.start)

    @property
    def texts(self) -> tuple[str, ...]:
        """The values with their unit."""
        return tuple(f"{v:g}{self.unit}".replace("-", MINUS) for v in self.values)


@dataclass(frozen=True)
class Readout:
    """A number below the picture: what it is, how many decimals, its unit, and a factor into it."""

    key: str
    label: str
    decimals: int
    unit: str = ""
    scale: float = 1.0

    def told(self, state: State) -> str:
        """Return the number as text."""
        text = f"{float(state[self.key]) * self.scale:.{self.decimals}f}"
        nought = text.startswith("-") and not text.strip("-0.")
        return (text[1:] if nought else text.replace("-", MINUS)) + self.unit


@dataclass(frozen=True)
class Axis:
    """An axis: its label with the unit, and its ends; those that are None follow what is drawn."""

    label: str
    low: float | None = None
    high: float | None = None
    log: bool = False


@dataclass(frozen=True)
class Mark:
    """A series of a panel: which parts of the state are its x and y, how it looks, its name.

    Of "segments" x is where they begin and `end` where they end; "across" is an upright line at
    each x, "level" one from side to side at each y.
    """

    kind: Kind
    x: str
    y: str
    look: Literal["blue", "orange", "ink", "soft"]
    name: str = ""
    end: str = ""
    stroke: Literal["solid", "dashed", "dotted"] = "solid"


@dataclass(frozen=True)
class Panel:
    """A drawing with two axes; `square` has one scale for both."""

    title: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    square: bool = False


@dataclass(frozen=True)
class Lesson:
    """A page: its name and question, what it is moved by, what it shows, what is to be seen there.

    `state` computes everything that is shown, and the script `scripts/<stem>.js` does so again.
    `cases` are those it belongs to, whether they are there or not.
    """

    stem: str
    name: str
    question: str
    knobs: tuple[Knob, ...]
    readouts: tuple[Readout, ...]
    panels: tuple[Panel, ...]
    state: Callable[..., State]
    formula: str
    see: tuple[str, ...]
    cases: tuple[str, ...] = ()

    def first(self) -> State:
        """Return the state that the page opens with."""
        return self.state(**{knob.key: knob.start for knob in self.knobs})

    def declared(self) -> dict[str, Any]:
        """Return what the script needs to know."""
        return {
            "knobs": [{"key": k.key, "values": k.values, "texts": k.texts} for k in self.knobs],
            "readouts": [asdict(one) for one in self.readouts],
            "panels": [asdict(one) for one in self.panels],
        }
