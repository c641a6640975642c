"""Machine code on disk: damage of any kind is seen before it is loaded, and mended."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numba.core.sigutils import normalize_signature
from pytensor.link.numba import cache
from pytensor.link.numba.cache import compile_numba_function_src

from workflow.sampling.kept import DamagedError, KeptCFunc

SIGNATURE = normalize_signature("double(double)")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "NUMBA_CACHE_PATH", tmp_path)
    return tmp_path


def made(key: str = "key", text: str = "def tripled(x): return 3 * x") -> KeptCFunc:
    """Return a C function as a new process would, and as `c_function` does."""
    python = compile_numba_function_src(text, "tripled", {"__name__": __name__}, cache_key=key)
    found = KeptCFunc(python, SIGNATURE, locals={}, options={})
    found.enable_caching()
    found.compile()
    assert found.ctypes(2.0) == 6.0
    return found


def test_it_is_found_the_second_time(folder: Path) -> None:
    assert made().cache_hits == 0
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    assert len(kept) == 2
    again = made()
    assert again.cache_hits == 1
    assert again.kept
    assert {path: path.read_bytes() for path in folder.iterdir()} == kept


def test_another_key_is_not_found() -> None:
    made()
    assert made("another").cache_hits == 0


def flipped(content: bytes, rng: np.random.Generator) -> bytes:
    at = int(rng.integers(len(content)))
    return content[:at] + bytes([content[at] ^ (1 << int(rng.integers(8)))]) + content[at + 1 :]


DAMAGES: dict[str, Callable[[bytes, np.random.Generator], bytes]] = {
    "truncated": lambda content, rng: content[: int(rng.integers(len(content)))],
    "garbage": lambda content, rng: rng.bytes(len(content)),
    "a bit flipped": flipped,
    "longer": lambda content, rng: content + rng.bytes(7),
    "empty": lambda content, rng: b"",
}


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_seen_wherever_it_is_and_mended(
    folder: Path, damage: Callable[[bytes, np.random.Generator], bytes], ending: str
) -> None:
    made()
    (path,) = folder.glob(f"*.{ending}")
    content, rng = path.read_bytes(), np.random.default_rng(1)
    for _ in range(50):
        path.write_bytes(damage(content, rng))
        with pytest.raises(DamagedError, match=path.name):
            made()
        assert not path.exists()
        path.write_bytes(content)
    path.write_bytes(damage(content, rng))
    with pytest.raises(DamagedError):
        made()
    assert made().cache_hits == 0
    assert made().cache_hits == 1


def test_files_of_another_function_are_no_use(folder: Path) -> None:
    """Whole, but not what they are called: as if a folder were put together from two."""
    made()
    mine = sorted(folder.iterdir())
    made("another")
    theirs = sorted(set(folder.iterdir()) - set(mine))
    for one, other in zip(mine, theirs, strict=True):
        one.write_bytes(other.read_bytes())
    with pytest.raises(DamagedError):
        made()


def test_code_without_its_index_and_an_index_without_its_code_are_made_again(folder: Path) -> None:
    for ending in ("nbi", "nbc"):
        made()
        (path,) = folder.glob(f"*.{ending}")
        path.unlink()
        assert made().cache_hits == 0
        assert made().cache_hits == 1


def test_what_was_loaded_lives_on_when_it_is_loaded_again() -> None:
    made()
    first = made()
    again = made()
    del first
    assert again.ctypes(5.0) == 15.0


def test_a_large_array_in_it_is_not_kept(folder: Path) -> None:
    names = {"__name__": __name__, "large": np.arange(200_000.0)}
    text = "def tripled(x): return 3 * x + large[0]"
    python = compile_numba_function_src(text, "tripled", names, cache_key="large")
    found = KeptCFunc(python, SIGNATURE, locals={}, options={})
    found.enable_caching()
    found.compile()
    assert found.ctypes(2.0) == 6.0
    assert not found.kept
    assert not list(folder.iterdir())
