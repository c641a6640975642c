"""The mathematics in a model's docstring as MathML, made from its plain text.

The notation is in CONTRIBUTING.md, item 4. A line that is not in it is shown as it is.
"""

import ast
import inspect
import re
import textwrap
import unicodedata
from collections.abc import Callable

from markupsafe import Markup

from reports.blocks.blocks import Mathematics
from reports.blocks.text import visible

# Left side, relation, right side; a remark follows after two spaces. A line that goes on with the
# sum of the line before begins with its sign.
LINE = re.compile(
    r"(?P<left>\S+(?: \S+)*?) +(?P<relation>[~=]) +(?P<right>\S+(?: \S+)*)(?P<note>.*)"
)
MORE = re.compile(r"(?P<left>)(?P<relation>)(?P<right>[+-] \S+(?: \S+)*)(?P<note>.*)")
SUM = re.compile(r"\bsum_(?:(\w+)|\{([^{}]*)\}) ")
RELATIONS = {"~": "∼", "=": "=", "": ""}
SIGNS = {ast.Add: "+", ast.Sub: "−", ast.UAdd: "+", ast.USub: "−", ast.In: "∈", ast.NotIn: "∉"}


def mathematics(function: Callable[..., object]) -> Mathematics:
    """Return the mathematics in a model function's docstring: its indented lines."""
    paragraphs = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    lines = [textwrap.dedent(part) for part in paragraphs if part.startswith("    ")]
    text = "\n\n".join(lines)
    caption = f"The model, {function.__module__}.{function.__name__}"
    return Mathematics(text, to_mathml(text), caption)


def to_mathml(text: str) -> Markup:
    """Return lines of mathematics as one table, aligned at the relation; an empty line is a gap."""
    rows, gap = [], False
    for line in visible(text).splitlines():
        if line.strip():
            rows.append(_tag("mtr", *_cells(line.strip()), kind="gap" if gap else ""))
        gap = not line.strip()
    table = Markup('<mtable displaystyle="true">{}</mtable>').format(Markup("").join(rows))
    return Markup('<math display="block">{}</math>').format(table)


def _cells(line: str) -> list[Markup]:
    """Return left side, relation, right side and remark; or the plain text, across all four."""
    found = LINE.fullmatch(line) or MORE.fullmatch(line)
    try:
        if not found:
            raise ValueError("neither a relation nor more of one")
        sides = [_parsed(found["left"]), RELATIONS[found["relation"]], _parsed(found["right"])]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [Markup('<mtd columnspan="4"><mtext>{}</mtext></mtd>').format(line)]
    left, relation, right = sides
    note = _tag("mtext", found["note"].strip()) if found["note"] else ""
    return [
        _tag("mtd", left),
        _tag("mtd", _tag("mo", relation) if relation else ""),
        _tag("mtd", right),
        _tag("mtd", note, kind="note"),
    ]


def _parsed(text: str) -> Markup:
    """Return one side of a relation. Raises what `ast.parse` does, or ValueError."""
    if not text:
        return Markup("")
    greek = re.sub(r"\b[a-z]+\b", lambda found: _greek(found[0]), text)
    return _term(ast.parse(_scoped(greek), mode="eval").body)


def _greek(word: str) -> str:
    """Return the Greek letter that a word names, or the word."""
    name = {"lambda": "lamda"}.get(word, word)
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {name}")
    except KeyError:
        return word


def _scoped(text: str) -> str:
    """Write `sum_k a * b + c` as `sum_((k), a * b) + c`: a sum ends at + or -, or at a bracket."""
    *_, last = [None, *SUM.finditer(text)]
    if last is None:
        return text
    rest = text[last.end() :]
    end = _extent(rest)
    scoped = f"sum_(({last[1] or last[2]}), {rest[:end]})"
    return _scoped(text[: last.start()] + scoped + rest[end:])


def _extent(text: str) -> int:
    """Return where the product that `text` begins with ends."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        ends = character == "," or text.startswith((" + ", " - "), place)
        if depth < 0 or (depth == 0 and ends):
            return place
    return len(text)


def _term(node: ast.AST) -> Markup:
    """Return an expression. Raises ValueError where it is not in the notation."""
    match node:
        case ast.Name(name):
            return _tag("mi", name)
        case ast.Constant(int() | float() as value):
            return _tag("mn", str(value))
        case ast.Tuple([_, *_] as parts):
            return _listed(parts)
        case ast.Subscript(ast.Name() as value, index):
            return _tag("msub", _term(value), _term(index))
        case ast.Call(ast.Name("sum_"), [index, body], []):
            return _tag("mrow", _tag("munder", _tag("mo", "∑"), _term(index)), _term(body))
        case ast.Call(ast.Name("sqrt"), [root], []):
            return _tag("msqrt", _term(root))
        case ast.Call(ast.Name() as function, arguments, []):
            applied = _tag("mo", "\N{FUNCTION APPLICATION}")
            return _tag("mrow", _term(function), applied, _bracketed(_listed(arguments)))
        case ast.BinOp(base, ast.Pow(), power):
            held = isinstance(base, ast.BinOp) or _is_sum(base)
            return _tag("msup", _bracketed(_term(base)) if held else _bound(base), _term(power))
        case ast.BinOp(_, ast.Mult() | ast.Div()):
            return _product(_factors(node))
        case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right):
            return _tag("mrow", _term(left), _sign(sign), _bound(right))
        case ast.UnaryOp(ast.UAdd() | ast.USub() as sign, operand):
            return _tag("mrow", _sign(sign), _bound(operand))
        case ast.Compare(left, [ast.In() | ast.NotIn() as sign], [right]):
            return _tag("mrow", _term(left), _sign(sign), _term(right))
    raise ValueError(f"not in the notation: {ast.unparse(node)}")


def _factors(node: ast.expr) -> list[ast.expr]:
    """Return the factors of a product; a division belongs to the factor before it."""
    match node:
        case ast.BinOp(left, ast.Mult(), right):
            return [*_factors(left), *_factors(right)]
        case ast.BinOp(left, ast.Div() as by, right):
            *first, last = _factors(left)
            return [*first, ast.BinOp(last, by, right)]
    return [node]


def _product(factors: list[ast.expr]) -> Markup:
    """Return factors with dots between; brackets hold what would reach too far without."""
    shown: list[Markup] = []
    for i, factor in enumerate(factors):
        match factor:
            case ast.BinOp(above, ast.Div(), below):
                one = _tag("mfrac", _term(above), _term(below))
            case ast.UnaryOp() if i == 0:
                one = _term(factor)
            case _ if _is_sum(factor) and i < len(factors) - 1:
                one = _bracketed(_term(factor))
            case _:
                one = _bound(factor)
        shown += [_tag("mo", "⋅"), one] if shown else [one]
    return _tag("mrow", *shown) if len(shown) > 1 else shown[0]


def _bound(node: ast.expr) -> Markup:
    """Return an expression, in brackets if it has a sign or another operator that binds loosely."""
    match node:
        case ast.UnaryOp() | ast.Compare() | ast.BinOp(_, ast.Add() | ast.Sub(), _):
            return _bracketed(_term(node))
    return _term(node)


def _is_sum(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sum_"


def _bracketed(inside: Markup) -> Markup:
    return _tag("mrow", _tag("mo", "("), inside, _tag("mo", ")"))


def _listed(parts: list[ast.expr]) -> Markup:
    """Return expressions with commas between."""
    comma = _tag("mo", ",")
    row = [one for part in parts for one in (comma, _term(part))]
    return _tag("mrow", *row[1:])


def _sign(operator: ast.AST) -> Markup:
    return _tag("mo", SIGNS[type(operator)])


def _tag(name: str, *inside: str, kind: str = "") -> Markup:
    """Return an element; text inside is escaped, markup is not."""
    opened = Markup('<{} class="{}">' if kind else "<{}>").format(name, kind)
    return opened + Markup("").join(inside) + Markup("</{}>").format(name)
