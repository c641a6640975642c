"""Mathematics as MathML: what the text says, well-formed, and the text itself where it cannot."""

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reports.blocks.mathematics import mathematics, to_mathml

ROOT = Path(__file__).parents[3]
MODELS = [f"models.{path.stem}" for path in sorted((ROOT / "models").glob("[!_]*.py"))]
PLAIN = 'columnspan="4"'


def functions(name: str) -> list[Callable[..., object]]:
    """Return the functions of a module whose docstring has mathematics."""
    module = importlib.import_module(name)
    own = [one for one in vars(module).values() if inspect.isfunction(one)]
    return [one for one in own if one.__module__ == name and " ~ " in (one.__doc__ or "")]


def cells(line: str) -> list[str]:
    """Return the inside of every cell of the one row that `line` becomes."""
    table = ET.fromstring(to_mathml(line))[0]
    (row,) = table
    return ["".join(ET.tostring(part, encoding="unicode") for part in cell) for cell in row]


def right(text: str) -> str:
    """Return the right side of a formula in a notation like that of MathML, but short."""
    _, _, cell, _ = ET.fromstring(to_mathml(f"y = {text}"))[0][0]
    return "".join(map(short, cell))


def short(element: ET.Element) -> str:
    inside = element.text or "".join(map(short, element))
    names = {"mrow": "{}", "mfrac": "frac[{}]", "msub": "sub[{}]", "msup": "sup[{}]"}
    names |= {"munder": "under[{}]", "msqrt": "sqrt[{}]"}
    return names.get(element.tag, "{}").format(inside).replace("\u2061", "")


def test_a_distribution_as_mathml() -> None:
    assert to_mathml("rate[arm] ~ Beta(alpha, 2)  <1") == (
        '<math display="block"><mtable displaystyle="true"><mtr>'
        "<mtd><msub><mi>rate</mi><mi>arm</mi></msub></mtd><mtd><mo>∼</mo></mtd>"
        "<mtd><mrow><mi>Beta</mi><mo>\u2061</mo><mrow><mo>(</mo><mrow><mi>α</mi><mo>,</mo>"
        "<mn>2</mn></mrow><mo>)</mo></mrow></mrow></mtd>"
        '<mtd class="note"><mtext>&lt;1</mtext></mtd></mtr></mtable></math>'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a * (b - c) / d", "a⋅frac[b−cd]"),
        ("(a - b) / (c * d)", "frac[a−bc⋅d]"),
        ("a / b / c", "frac[frac[ab]c]"),
        ("a - (b - c)", "a−(b−c)"),
        ("a - b - c", "a−b−c"),
        ("-a * -b", "−a⋅(−b)"),
        ("-(a + b)", "−(a+b)"),
        ("(a * b) ** 2", "sup[(a⋅b)2]"),
        ("sqrt(1 / lambda)", "sqrt[frac[1λ]]"),
        ("x[i, k]", "sub[xi,k]"),
        ("m + sum_k b[k] * x[k] / s - c", "m+under[∑k]sub[bk]⋅frac[sub[xk]s]−c"),
        ("(sum_k b[k]) * c", "(under[∑k]sub[bk])⋅c"),
        ("f(sum_k b[k], c)", "f(under[∑k]sub[bk],c)"),
        ("sum_i (a[i] + sum_j b[j])", "under[∑i]sub[ai]+under[∑j]sub[bj]"),
        ("sum_i sum_j b[i, j]", "under[∑i]under[∑j]sub[bi,j]"),
        ("sum_{w not in message} a[w]", "under[∑w∉message]sub[aw]"),
        ("mu + slope_mu + Gamma(2, gamma)", "μ+slope_mu+Gamma(2,γ)"),
    ],
)
def test_an_expression_says_what_its_text_says(text: str, expected: str) -> None:
    assert right(text) == expected


def test_a_sum_goes_on_in_the_next_line() -> None:
    table = ET.fromstring(to_mathml("y = a  first\n    + sum_k b[k]\n\nz = c"))[0]
    first, more, last = table
    assert [len(row) for row in table] == [4, 4, 4]
    assert "".join(more.itertext()) == "+∑kbk"
    assert (first.get("class"), more.get("class"), last.get("class")) == (None, None, "gap")


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_in_the_notation(name: str) -> None:
    found = functions(name)
    assert found
    for function in found:
        shown = mathematics(function)
        lines = [line for line in shown.text.splitlines() if line.strip()]
        assert len(ET.fromstring(shown.mathml)[0]) == len(lines) > 1
        assert PLAIN not in shown.mathml
        assert "style" not in shown.mathml.replace("displaystyle", "")


@pytest.mark.parametrize(
    "line",
    [
        "words and nothing else",
        "y = <script>alert(1)</script>",
        "y = 'text'",
        "y = f(x)(z)",
        "y = f(x=1)",
        "y = a if b else c",
        "y = sum_{} b",
        "y = (a",
        "y = a.b",
        "y ~ [z for z in x]",
        "y = " + "(" * 500 + "a" + ")" * 500,
        "y = " + "-" * 100_000 + "a",
        "sum_k ~ sum_{k",
        "y = \x00",
    ],
    ids=lambda line: line[:20].encode("unicode_escape").decode(),
)
def test_what_is_not_in_the_notation_stays_text(line: str) -> None:
    shown = to_mathml(line)
    assert PLAIN in shown
    assert "".join(ET.fromstring(shown).itertext()) == line.replace("\x00", "⟨U+0000⟩")
    assert "<script" not in shown
