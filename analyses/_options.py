"""The options of a case without importing it, which takes seconds: for help, and for wrong usage.

Of the analysis, and of the modules of ours that it takes names from, only those statements are run
that the signature of `main` needs.
"""

import ast
import functools
import importlib
from collections.abc import Callable, Iterator
from importlib.abc import InspectLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OURS = {"data", "models", "reports", "workflow"}


def main_of(case: str) -> Callable[..., int]:
    """Return the `main` of a case; the analysis is imported when it is called."""
    name = f"analyses.{case}"
    try:
        described: Callable[..., int] = part_of(name, "main").main
    except Exception:  # it is written in a way that is not foreseen here
        described = importlib.import_module(name).main

    @functools.wraps(described)
    def main(**options: Any) -> int:
        found: Callable[..., int] = importlib.import_module(name).main
        return found(**options)

    return main


def part_of(name: str, wanted: str) -> ModuleType:
    """Return a module like the one called `name` that has `wanted`, what that needs, no more.

    Of `main` it has the signature and no body.

    Raises
    ------
    KeyError
        What is wanted is not bound there by an assignment, a definition or an import.
    """
    path = ROOT.joinpath(*name.split(".")).with_suffix(".py")
    whole = ast.parse(path.read_bytes())
    bound = {one: node for statement in whole.body for one, node in _bindings(statement)}
    needed, waiting = {wanted: bound[wanted]}, [wanted]
    while waiting:
        inside = (node.id for node in ast.walk(needed[waiting.pop()]) if isinstance(node, ast.Name))
        more = {one: bound[one] for one in inside if one in bound and one not in needed}
        needed |= more
        waiting += more
    there = {one: found for one, node in needed.items() if (found := _from_ours(node))}
    run = {id(needed[one]): needed[one] for one in needed.keys() - there.keys()}
    statements = sorted(run.values(), key=lambda node: node.lineno)
    loader = _Loader(ast.Module(statements, []), path)
    spec = spec_from_loader(name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    module.__doc__, module.__file__ = ast.get_docstring(whole, clean=False), str(path)
    for one, (other, called) in there.items():
        setattr(module, one, getattr(part_of(other, called), called))
    loader.exec_module(module)
    return module


class _Loader(InspectLoader):
    """Runs a module that is made of some statements of the file at `path`."""

    def __init__(self, tree: ast.Module, path: Path) -> None:
        self.tree, self.path = tree, path

    def get_source(self, fullname: str) -> None:
        """Return none: there are statements only."""

    def get_code(self, fullname: str) -> CodeType:
        """Compile the statements."""
        return self.source_to_code(self.tree, str(self.path))


def _bindings(node: ast.stmt) -> Iterator[tuple[str, ast.stmt]]:
    """Yield each name that a statement binds, with a statement that binds it and little else."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            yield name, node
        case ast.Assign(targets=[ast.Tuple(elts=parts)]):
            yield from ((part.id, node) for part in parts if isinstance(part, ast.Name))
        case ast.FunctionDef(name="main"):
            empty = [ast.copy_location(ast.Pass(), node)]
            yield "main", ast.copy_location(ast.FunctionDef(**{**vars(node), "body": empty}), node)
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, node
        case ast.Import(names=aliases):
            for alias in aliases:
                name = alias.asname or alias.name.partition(".")[0]
                yield name, ast.copy_location(ast.Import([alias]), node)
        case ast.ImportFrom(module=module, names=aliases, level=level):
            for alias in aliases:
                one = ast.copy_location(ast.ImportFrom(module, [alias], level), node)
                yield alias.asname or alias.name, one


def _from_ours(node: ast.stmt) -> tuple[str, str] | None:
    """Return the module and the name there, if a statement takes one from a file of ours."""
    match node:
        case ast.ImportFrom(module=str(module), names=[ast.alias(name=name)]):
            words = module.split(".")
            if words[0] in OURS and ROOT.joinpath(*words).with_suffix(".py").is_file():
                return module, name
    return None
