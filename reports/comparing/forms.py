"""What a page says of outcomes in different forms: how they are brought to one."""

from reports.blocks.text import listed
from reports.comparing.words import elpd
from workflow.comparing.forms import AS_IS
from workflow.comparing.models import Model, SideBySide


def forms(found: SideBySide) -> list[str]:
    """Say in which form each fit has the outcome, and what the change of variables adds."""
    y = found.column or "the outcome"
    moved = [model for model in found.models if model.form is not AS_IS]
    if not moved:
        return [
            "All fits have the same outcome in every row, so their elpds can be compared as is."
        ]
    said = [
        f"The fits have one outcome in different forms, as its values say row by row. All elpds "
        f"here are of {y} itself. With z = g({y}), the density changes by the slope of g: "
        f"p({y}) = p(z) · |dz / d{y}|."
        if len({model.form.name for model in found.models}) > 1
        else f"All fits have the outcome in the same transformed form; the elpds here are of {y} "
        f"itself: p({y}) = p(z) · |dz / d{y}| for z = g({y})."
    ]
    return [*said, *(_brought_back(model, y) for model in moved)]


def _brought_back(model: Model, y: str) -> str:
    """Say what the change of variables adds to the elpd of a model; `y` is the outcome's name."""
    z, slope = model.form.written.format(y=y), model.form.slope.format(y=y)
    added, total = elpd(model.added, 0, sign=True), model.elpd.total
    said = f"{model.name}: z = {z}, |dz / d{y}| = {slope}. Its logarithms add up to {added}"
    if not model.known:
        return f"{said}."
    before, after = (elpd(x, model.elpd.mcse) for x in (total - model.added, total))
    return f"{said}, and the elpd of z, {before}, becomes {after}."


def forms_line(found: SideBySide) -> str:
    """Say in a line whether the outcome is the same, and if it had to be brought back."""
    y = found.column or "the outcome"
    moved = [
        f"{model.name} has {model.form.written.format(y=y)}"
        for model in found.models
        if model.form is not AS_IS
    ]
    if not moved:
        return f"The same in all {found.rows:,} rows."
    return f"{listed(moved, 120)}; every elpd is brought to {y} itself (Jacobian)."
