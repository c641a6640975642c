"""Cutting code into cells of a notebook: its own lines, comments included, at its own joints."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

STEPS = ("section", "describe", "prior", "gate", "fit", "advi", "sensitivity")  # add a section
SHOWN = "display(*study.new_sections())"


@dataclass(frozen=True)
class Piece:
    """A statement and its lines, comments and blank lines above it among them."""

    node: ast.stmt
    text: str


def pieces_of(source: str) -> list[Piece]:
    """Cut code at the ends of its statements."""
    lines, pieces, start = source.split("\n"), list[Piece](), 0
    for node in ast.parse(source).body:
        end = node.end_lineno or start
        pieces.append(Piece(node, "\n".join(lines[start:end])))
        start = end
    return pieces


def cells_of(pieces: Iterable[Piece]) -> Iterator[NotebookNode]:
    """Yield cells: one begins with the comment above a paragraph, one ends with a section."""
    texts: list[str] = []
    for piece in pieces:
        comment = re.match(r"\n+((?:#.*\n)+)", piece.text)
        if comment:
            yield from code(texts)
            yield new_markdown_cell(re.sub("^# ?", "", comment[1].strip(), flags=re.MULTILINE))
            texts = []
        texts.append(piece.text[comment.end() if comment else 0 :])
        if any(calls(node, *STEPS) for node in ast.walk(piece.node)):
            yield from code([*texts, SHOWN])
            texts = []
    yield from code(texts)


def code(texts: Iterable[str]) -> Iterator[NotebookNode]:
    """Yield one cell with these lines; none where there are none."""
    source = "\n".join(texts).strip("\n")
    if source:
        yield new_code_cell(source)


def calls(node: ast.AST | None, *methods: str) -> bool:
    """Say whether `node` is the call of one of these methods of the study."""
    called = {f"study.{method}" for method in methods}
    return isinstance(node, ast.Call) and ast.unparse(node.func) in called


def names_in(cells: Iterable[NotebookNode]) -> set[str]:
    """Return the names that code cells use.

    Raises
    ------
    SyntaxError
        One cannot stand alone, such as a `return` outside of a function.
    """
    found = set[str]()
    for cell in cells:
        if cell.cell_type == "code":
            compile(cell.source, "a cell", "exec")
            nodes = ast.walk(ast.parse(cell.source))
            found |= {node.id for node in nodes if isinstance(node, ast.Name)}
    return found


def bound_by(*nodes: ast.AST) -> set[str]:
    """Return the names that code gives a value where it stands, not inside of its functions."""
    return set[str]().union(*map(_bound_by, nodes))


def _bound_by(node: ast.AST) -> set[str]:
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            return {node.name}
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return set()
        case ast.alias():
            return {node.asname or node.name.partition(".")[0]}
        case ast.arg():
            return {node.arg}
        case ast.Name(ctx=ast.Store()):
            return {node.id}
    return bound_by(*ast.iter_child_nodes(node))
