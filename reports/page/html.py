"""Templates to HTML: escaped, and with a policy that lets nothing run or load but what is ours."""

import base64
import hashlib
from collections.abc import Sequence
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


def text_of(path: Path) -> str:
    """Return a style or script as it is put inside a page."""
    return path.read_text(encoding="utf-8").strip()


def policy(*, styles: Sequence[str], scripts: Sequence[str]) -> Markup:
    """Return the policy that allows just these, by their hashes, and loads nothing."""
    return Markup(
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hashes(texts: Sequence[str]) -> str:
    """Return the source expressions that allow some texts."""
    digests = [hashlib.sha256(one.encode()).digest() for one in texts]
    return " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)


STYLE, SCRIPT = Markup(text_of(TEMPLATES / "style.css")), Markup(text_of(TEMPLATES / "page.js"))
POLICY = policy(styles=[STYLE], scripts=[SCRIPT])
ENVIRONMENT.globals |= {"style": STYLE, "script": SCRIPT, "policy": POLICY}
ENVIRONMENT.filters["how_id"] = how_id
