"""What limits are called in a sentence."""

from workflow.process.limits import Limits


def inside(limits: Limits) -> str:
    """Say where a piece keeps the limits: inside both, or on the side of the one there is."""
    return _of(limits, "inside", "above", "below")


def outside(limits: Limits) -> str:
    """Say where a piece does not keep them."""
    return _of(limits, "outside", "below", "above")


def placed(limits: Limits) -> str:
    """Say where the mean is meant to be."""
    return "in the middle" if limits.aim is None else f"at {limits.aim:,.10g}"


def meant(limits: Limits) -> str:
    """Say which mean and sd a process is meant to have, of which no more is known."""
    if limits.aim is None:
        return "the middle of the limits, for which it is designed, and a sixth of their distance"
    nearer = "the nearer limit" if limits.both else "the limit"
    return f"the mean that is meant (--aim), and a third of the way from there to {nearer}"


def _of(limits: Limits, both: str, lower: str, upper: str) -> str:
    ends = " to ".join(f"{one:,.10g}" for one in limits.ends)
    if limits.both:
        return f"{both} {ends}"
    return f"{lower if limits.lower in limits.ends else upper} {ends}"
