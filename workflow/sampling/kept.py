"""C functions whose machine code is kept on disk, each file with a seal that is checked first.

numba's own cache loads whatever its files have, and runs it: a byte that was flipped in the machine
code gives other numbers, or a crash. Files are written whole or not at all, as numba does.
"""

import contextlib
import hashlib
import io
import os
from collections.abc import Iterator
from typing import Any, BinaryIO

from numba.core.caching import FunctionCache, IndexDataCacheFile
from numba.core.ccallback import CFunc

SEAL = 32  # bytes at the end of each file: SHA-256 of its name and of what is before them


class DamagedError(Exception):
    """A file of the cache is not what was written; it is removed, and written anew next time."""


class KeptCFunc(CFunc):
    """A C function that `compile` finds on disk, or makes and keeps there.

    Of a function that cannot be kept `kept` is false: it has an array of more than 1 MB in it.
    """

    def enable_caching(self) -> None:
        """Keep it where PyTensor's key for the function says."""
        self._cache = SealedCache(self.__wrapped__)

    @property
    def kept(self) -> bool:
        """Whether the next process will find it."""
        return self._cache.kept


class SealedCache(FunctionCache):
    """numba's cache of one function, in files with a seal."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = SealedFile(self._cache_path, self._impl.filename_base, stamp)
        self.kept = True
        self.loaded: Any = None  # its environment has to live as long as its code

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what was compiled before, or None."""
        self.loaded = super().load_overload(sig, target_context)
        return self.loaded

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled, if another process can use it."""
        self.loaded = data
        self.kept = not data.library.has_dynamic_globals
        if self.kept:
            super().save_overload(sig, data)


class SealedFile(IndexDataCacheFile):
    """The two files of such a cache: which signatures there are, and machine code."""

    @contextlib.contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[BinaryIO]:
        with super()._open_for_write(filepath) as file:
            content = io.BytesIO()
            yield content
            file.write(content.getvalue() + _seal(filepath, content.getvalue()))

    def _load_index(self) -> Any:
        _check(self._index_path)
        return super()._load_index()

    def _load_data(self, name: str) -> Any:
        _check(self._data_path(name))
        return super()._load_data(name)


def _seal(path: str, content: bytes) -> bytes:
    return hashlib.sha256(os.path.basename(path).encode() + b"\0" + content).digest()


def _check(path: str) -> None:
    """Raise `DamagedError` if a file is there and its seal is not that of its content."""
    try:
        with open(path, "rb") as file:
            found = file.read()
    except FileNotFoundError:
        return
    if _seal(path, found[:-SEAL]) != found[-SEAL:]:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise DamagedError(f"{os.path.basename(path)} was damaged")
