"""Data in an object store: an address such as ``s3://bucket/prefix`` where a path may stand.

Used wherever the kit lists, opens or writes files of ``WORKSHOP_DATA``. The protocols are Arrow's, which takes
credentials and AWS_ENDPOINT_URL from where each store's own tools take them, and asks again when a store is busy or a
connection breaks. There is no lock and no folder: an object appears whole, under a name that may hold slashes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import pyarrow as pa
from pyarrow.fs import FileInfo, FileSelector, FileSystem, FileType

SCHEMES = ("s3", "gs", "abfs", "abfss")
REMEDIES = {  # by a word of the store's own message
    "ACCESS_DENIED": "set its credentials, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ask its owner",
    "NO_SUCH_BUCKET": "make the bucket, or correct WORKSHOP_DATA",
    "NETWORK_CONNECTION": "check the network and AWS_ENDPOINT_URL, and run it again",
    "": "check the address and the credentials, and run it again",
}


class Unreachable(OSError):
    """A store refused, or did not answer; the message says what to do."""


class Address(PurePosixPath):
    """Where an object lies, with as much of `pathlib.Path` as the kit uses of files.

    Methods raise FileNotFoundError where there is no object, and Unreachable where the store does not say.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return super().__str__().replace(":/", "://", 1)  # pathlib takes two slashes for one

    def place(self) -> tuple[FileSystem, str]:
        """Arrow's file system, and this object's name there."""
        root = f"{self.parts[0]}//{self.parts[1]}" if len(self.parts) > 1 else str(self)
        told = ((name, value) for name, value in os.environ.items() if name.startswith(("AWS_", "GOOGLE_", "AZURE_")))
        files, bucket = _file_system(root, tuple(told))
        return files, "/".join([bucket, *self.parts[2:]])

    def stat(self) -> SimpleNamespace:
        """Size in bytes, and time of the last change in seconds and in nanoseconds."""
        info = self._info()
        if info.type != FileType.File:
            raise FileNotFoundError(f"There is no file {self}")
        return SimpleNamespace(st_size=info.size, st_mtime=info.mtime_ns / 1e9, st_mtime_ns=info.mtime_ns)

    def exists(self) -> bool:
        return self._info().type == FileType.File

    is_file = exists

    def is_dir(self) -> bool:
        return False

    def mkdir(self, **options: bool) -> None:
        pass

    def glob(self, pattern: str) -> Iterator[Address]:
        folder, wanted = self / PurePosixPath(pattern).parent, PurePosixPath(pattern).name
        files, name = folder.place()
        found = _told(self, files.get_file_info, FileSelector(name, allow_not_found=True))
        return (folder / each.base_name for each in found if each.is_file and fnmatchcase(each.base_name, wanted))

    def unlink(self) -> None:
        files, name = self.place()
        _told(self, files.delete_file, name)

    def replace(self, target: Address) -> None:
        """Give the object another name; whoever reads there sees the old object or all of this one."""
        files, name = self.place()
        # A copy: a store moves no object, whatever its library calls it, and not every library does.
        _told(target, files.copy_file, name, target.place()[1])
        self.unlink()

    def open_with_version(self) -> tuple[pa.NativeFile, str]:
        """Open for reading at any place; the version differs when the object has been written anew."""
        files, name = self.place()
        file = _told(self, files.open_input_file, name)
        noted = file.metadata()
        return file, str(noted.get("ETag") or noted)

    def _info(self) -> FileInfo:
        files, name = self.place()
        return _told(self, files.get_file_info, name)


def located(place: str | Path | Address) -> str | Path | Address:
    """An `Address` of a text that is one; anything else as it is.

    Raises
    ------
    ValueError
        If it is an address of a kind that is not known.
    """
    scheme = re.match(r"([A-Za-z][\w+.-]+)://", str(place)) if isinstance(place, str) else None
    if scheme and scheme[1] not in SCHEMES:
        raise ValueError(f"{place} is no place for data: give a folder, or an address with {'://, '.join(SCHEMES)}://")
    return Address(place) if scheme else place


def listed(paths: str | Path | Address | Iterable) -> list[str | Path | Address]:
    """One path or several as a list."""
    return [located(path) for path in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)]


def explained(address: Address, error: OSError) -> Unreachable:
    """What went wrong at a store in one sentence, with what to do."""
    if isinstance(error, Unreachable):
        return error
    reason = " ".join(str(error).split())
    remedy = next(remedy for word, remedy in REMEDIES.items() if word in reason)
    return Unreachable(f"{address} cannot be reached ({reason}): {remedy}")


def _told(address: Address, call, *args):
    try:
        return call(*args)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise explained(address, error) from error


@lru_cache
def _file_system(root: str, told: tuple) -> tuple[FileSystem, str]:
    """Of a bucket, for these variables of the environment; opening one takes a request."""
    return FileSystem.from_uri(root)
