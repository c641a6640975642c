"""Options of the command line that take a number or a text, and say what is wrong with it."""

import math
import re

import typer
from typer.models import OptionInfo

SMALLEST, LARGEST = 1e-6, 1e6
MOST_REAL = 1e100  # of a number in the unit of a file, so that squares stay finite
FEWEST_QUANTILES, MOST_QUANTILES = 2, 9


def number(help: str, *, above: float = 0, below: float = math.inf) -> OptionInfo:
    """Return an option that takes a number in an open interval; anything else is wrong usage.

    So is what is below `SMALLEST` or above `LARGEST`: samplers and figures overflow there.
    """

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise typer.BadParameter(f"{text!r} is not a number") from None
        if not above < value < below:
            upper = "" if math.isinf(below) else f" and below {below:g}"
            raise typer.BadParameter(f"{text} is not above {above:g}{upper}")
        if not SMALLEST <= value <= LARGEST:
            raise typer.BadParameter(f"{text} is not between {SMALLEST:g} and {LARGEST:g}")
        return value

    option: OptionInfo = typer.Option(parser=parse, help=help, metavar="NUMBER")
    return option


def real(help: str, *, above: float = -math.inf) -> OptionInfo:
    """Return an option that takes any finite number above one; anything else is refused."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not above < value < math.inf or abs(value) > MOST_REAL:
            more = f" above {above:g}" if math.isfinite(above) else ""
            raise typer.BadParameter(f"{text!r} is not a number{more}")
        return value

    option: OptionInfo = typer.Option(parser=parse, help=help, metavar="NUMBER")
    return option


def text(help: str) -> OptionInfo:
    """Return an option that takes any text."""
    option: OptionInfo = typer.Option(help=help)
    return option


def rate(help: str) -> OptionInfo:
    """Return an option that takes a rate: a number above 0 and below 1."""
    return number(help, below=1)


def proportions(text: str | None, parts: int) -> list[float]:
    """Return the shares in a text such as "1:1" or "2:1:1"; equal shares for none.

    Raises
    ------
    typer.BadParameter
        The text is not `parts` numbers above 0 with colons between.
    """
    try:
        shares = [float(share) for share in text.split(":")] if text else [1.0] * parts
    except ValueError:
        shares = []
    if len(shares) != parts or not all(0 < share < math.inf for share in shares):
        raise typer.BadParameter(f"{text!r} is not {parts} numbers above 0 with colons between")
    return shares


def earlier(text: str | None, parts: int) -> tuple[float, ...]:
    """Return the counts in a text such as "70:30"; zeros for none.

    Raises
    ------
    typer.BadParameter
        The text is not `parts` whole numbers of 0 or more with colons between.
    """
    found = text.split(":") if text is not None else ["0"] * parts
    whole = all(re.fullmatch(r"\s*[0-9]{1,9}\s*", one) for one in found)
    if len(found) != parts or not whole:
        raise typer.BadParameter(
            f"--before {text}: not {parts} whole numbers of 0 or more with colons between"
        )
    return tuple(map(float, found))


def quantiles(text: str) -> tuple[float, ...]:
    """Return the quantiles in a text such as "0.05,0.5,0.95", in increasing order.

    Raises
    ------
    typer.BadParameter
        The text is not two to nine different numbers above 0 and below 1 with commas between.
    """
    try:
        found = sorted(float(one) for one in text.split(","))
    except ValueError:
        found = []
    few = FEWEST_QUANTILES <= len(set(found)) == len(found) <= MOST_QUANTILES
    if not few or not SMALLEST <= found[0] <= found[-1] <= 1 - SMALLEST:
        raise typer.BadParameter(
            f"--quantiles {text}: not {FEWEST_QUANTILES} to {MOST_QUANTILES} different numbers "
            "above 0 and below 1 with commas between, such as 0.05,0.5,0.95"
        )
    return tuple(found)
