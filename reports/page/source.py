"""The source of the modules that build a model, whole, so that what is copied runs."""

import ast
import inspect
import sys
from collections.abc import Callable

from reports.blocks.blocks import Source


def sources(function: Callable[..., object]) -> list[Source]:
    """Return the module of a model function, then those of its package that it is built from."""
    names = [function.__module__]
    texts = []
    for name in names:  # which grows
        texts.append(inspect.getsource(sys.modules[name]))
        names += [one for one in _imported(texts[-1], name) if one not in names]
    return [
        Source(f"{name.replace('.', '/')}.py", text)
        for name, text in zip(names, texts, strict=True)
    ]


def _imported(text: str, module: str) -> list[str]:
    """Return the modules of the same package that a module's text imports, in their order."""
    names: dict[str, None] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name: None for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or "": None}
            names |= {f"{node.module}.{alias.name}": None for alias in node.names}
    package = module.partition(".")[0]
    return [name for name in names if name.startswith(f"{package}.") and name in sys.modules]
