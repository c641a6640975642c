"""Publishing files so that a reader finds whole ones, and two runs at once never mix theirs.

A set of files is written and flushed to disk in a hidden folder beside its place. Renaming that
folder is the commit: before it nothing has changed, after it the set is complete on disk and is
moved out file by file. Who comes next finishes what a killed run left: a set that was committed is
moved out, one that was not is removed. All of that happens under the lock of the folder.
"""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # no such locks on Windows: two runs into one folder are up to the user there
    fcntl = None  # type: ignore[assignment]

HTML = Path(__file__).parent.parent / "html"  # where results go if nothing else is said
LOCK, OURS, PART, READY = ".casebook.lock", ".casebook-", ".part", ".ready"
PATIENCE = 60.0  # seconds to wait for another run's lock; publishing takes one or two
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
_SAID = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota of the disk is used up",
    errno.EFBIG: "a file may not grow so large",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "writing there is not allowed",
    errno.EPERM: "writing there is not allowed",
    errno.ENOTDIR: "that is a file, or lies in one, and no folder",
    errno.EISDIR: "a folder has the name of a file of ours; remove it",
    errno.EEXIST: "that is a file and no folder",
    errno.ENAMETOOLONG: "the name is too long",
}


class OutputError(Exception):
    """The results cannot be written; the message is one line that says where, why, what to do."""

    @classmethod
    def of(cls, folder: Path, error: OSError) -> "OutputError":
        """Return the error that says why nothing can be written to `folder`."""
        why = _SAID.get(error.errno or 0, error.strerror or str(error))
        room = "make room or " if error.errno in {errno.ENOSPC, errno.EDQUOT} else ""
        return cls(f"{folder}: cannot write: {why}; {room}choose another folder with --out")


def check_writable(folder: Path) -> None:
    """Raise an OutputError if nothing can be written to `folder`; leave nothing behind.

    A folder that is not there yet is not made: what is tried is the nearest one above it.
    """
    try:
        there = next(p for p in (folder, *folder.absolute().parents) if _is_there(p))
        if not there.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(there))
        with tempfile.NamedTemporaryFile(dir=there, prefix=OURS, suffix=PART) as file:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
    except ValueError as error:  # a name that no file can have
        raise OutputError(f"{str(folder)!r}: {error}; choose another folder with --out") from None
    except OSError as error:
        raise OutputError.of(folder, error) from None


def _is_there(path: Path) -> bool:
    """Say whether something is there; unlike `Path.exists`, raise where nothing ever can be."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make `folder`, hold its lock, and finish or remove what killed runs left in it.

    Raises
    ------
    OutputError
        Something cannot be written, or another run has held the lock for a minute.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _wait_for(lock, folder)
            _recover(folder)
            yield
        finally:
            os.close(lock)
    except OSError as error:
        if error.errno is None:
            raise
        raise OutputError.of(folder, error) from None


def publish(folder: Path, stem: str, files: Mapping[str, bytes | memoryview]) -> None:
    """Replace `files` (name: content) in `folder` all together; the caller holds its lock."""
    for name in files:  # before the commit: what cannot be moved out would block the folder
        if (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, f"{name} is a folder", str(folder / name))
    part = Path(tempfile.mkdtemp(dir=folder, prefix=f"{OURS}{stem}-", suffix=PART))
    try:
        for name, content in files.items():
            _write(part / name, content)
        _flush(part)
        ready = folder / f"{OURS}{stem}{READY}"
        os.rename(part, ready)  # the commit
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _flush(folder)
    _move_out(ready)


def _write(path: Path, content: bytes | memoryview) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)


def _flush(folder: Path) -> None:
    """Flush names to disk, where the system can."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _move_out(ready: Path) -> None:
    """Move the files of a committed set to their places, the summary last, which vouches for it."""
    for path in sorted(ready.iterdir(), key=lambda path: (path.suffix == ".json", path.name)):
        os.replace(path, ready.parent / path.name)
    _flush(ready.parent)
    os.rmdir(ready)


def _recover(folder: Path) -> None:
    """Finish the sets that were committed, and remove those that were not."""
    for path in sorted(folder.glob(f"{OURS}*")):
        if path.suffix == READY and path.is_dir() and not path.is_symlink():
            _move_out(path)
        elif path.suffix == PART and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.suffix == PART:
            path.unlink(missing_ok=True)


def _wait_for(lock: int, folder: Path) -> None:
    """Take the lock; go on without where the file system has none."""
    end = time.monotonic() + PATIENCE
    while fcntl is not None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > end:
                raise OutputError(f"{folder}: another run is writing there; try again") from None
            time.sleep(0.01)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return
            raise
