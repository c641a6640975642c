"""The options of a cluster, `--on`; what takes long to import is imported when it is used."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

SHAPE = re.compile(r"local:[1-9]\d{0,2}|(?:tcp|tls)://[^\s/]+:\d{1,5}")


class NoClusterError(Exception):
    """There is no cluster that does the work; the message is for the user."""


def _address(value: str | None) -> str | None:
    """Return the address of a scheduler, or local:N, if it is one."""
    if value is not None and not SHAPE.fullmatch(value):
        raise typer.BadParameter(
            f"{value!r} is no scheduler; it is tcp://HOST:PORT, tls://HOST:PORT or local:PROCESSES"
        )
    return value


def _file(what: str) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(
        metavar="FILE.pem", exists=True, dir_okay=False, help=f"{what}, for --on tls://HOST:PORT."
    )
    return found


Address = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="tcp://HOST:PORT",
        callback=_address,
        help="Dask scheduler whose workers compute; local:4 are four processes here.",
    ),
]
Ca = Annotated[Path | None, _file("Certificate of who vouches for the cluster")]
Cert = Annotated[Path | None, _file("Certificate of this client")]
Key = Annotated[Path | None, _file("Its private key")]


@dataclass(frozen=True)
class On:
    """Where work is done: the address of a scheduler, and the certificates to speak to it."""

    address: str
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


def place(
    address: str | None, ca: Path | None, cert: Path | None, key: Path | None, *, jobs: int | None
) -> On | None:
    """Return where work is done, None for here.

    Raises
    ------
    typer.BadParameter
        The options contradict one another.
    """
    given = [one is not None for one in (ca, cert, key)]
    if address is None:
        if any(given):
            raise typer.BadParameter("--tls-ca, --tls-cert and --tls-key go with --on tls://…")
        return None
    if jobs is not None:
        raise typer.BadParameter("--jobs is for this machine alone; not with --on")
    if address.startswith("tls:") != any(given) or any(given) != all(given):
        raise typer.BadParameter(
            "--on tls://… and --tls-ca, --tls-cert, --tls-key go together, all four"
        )
    return On(address, ca, cert, key)
