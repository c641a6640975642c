"""Figures as SVG: what stands at their axes."""

import re

import pytest

from reports.drawing.drawing import canvas_of, to_svg


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((-150_000, 300_000), ["−100,000", "0", "200,000"]),
        ((0, 2e6), ["1,000,000"]),
        ((1e6, 1e6 + 4), ["1,000,002.0"]),
        ((0, 0.4), ["0.2"]),
        ((1990, 2024), ["2000"]),
    ],
)
def test_numbers_at_an_axis_are_those_of_the_tables(
    ends: tuple[float, float], said: list[str]
) -> None:
    """Thousands apart from five digits on, no factor or offset at the end of the axis."""
    with canvas_of("x", 7, 3) as canvas:
        axes = canvas.subplots()
        axes.plot(ends, [0, 1])
        svg = to_svg(canvas, "x")
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert {*said} <= {*texts}
    assert not [one for one in texts if "e" in one or "+" in one]
