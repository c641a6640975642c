"""Templates to HTML: escaped, and with a policy that lets nothing run or load but what is ours."""

import base64
import hashlib
from pathlib import Path

import jinja2
from markupsafe import Markup

from reports.blocks.blocks import How
from reports.blocks.text import printable
from workflow.checking.diagnostics import Status

TEMPLATES = Path(__file__).parent / "templates"
ICONS = {Status.PASS: "✔", Status.WARN: "▲", Status.FAIL: "✘"}
ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.loopcontrols"],
    finalize=printable,
)


def how_id(how: How) -> str:
    """Return the id of a text that says how to read a table or figure: the same for the same."""
    text = how if isinstance(how, str) else repr(dict(how))
    return f"how-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _source(name: str) -> tuple[Markup, str]:
    """Return a file to be put inside the page, and the source expression that allows just it."""
    text = (TEMPLATES / name).read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"'sha256-{digest}'"


STYLE, _style = _source("style.css")
SCRIPT, _script = _source("page.js")
POLICY = (
    f"default-src 'none'; script-src {_script}; style-src {_style}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
ENVIRONMENT.globals |= {"style": STYLE, "script": SCRIPT, "policy": Markup(POLICY)}
ENVIRONMENT.filters["how_id"] = how_id
