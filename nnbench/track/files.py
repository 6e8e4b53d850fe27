"""The files of runs and models: found below the artifact root of the store in use, nowhere else.

A store says where files are, as anybody who can write to it wanted. Nothing outside the root is
read, written or deleted, whatever it says.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from nnbench.system.interrupt import uninterrupted
from nnbench.track.address import ARTIFACTS, is_server
from nnbench.track.store import Store

VARIABLE = "MLFLOW_DEFAULT_ARTIFACT_ROOT"
"""Names another root, as it does for MLflow's own server."""
SERVED = "mlflow-artifacts"
"""Scheme of files that an MLflow server passes on."""
LEADING = frozenset("%?#\\")
"""Characters by which an address may mean another place than it seems to."""


class OutsideError(OSError):
    """An address of files that are not below the artifact root of the store."""

    def __init__(self, uri: str, root: str) -> None:
        message = f"files at {uri[:80]} are not below {root}"
        super().__init__(f"{message}, which alone is read and written ({VARIABLE} names another)")


@dataclass(frozen=True)
class Files:
    """The files of a run or of a model."""

    uri: str
    tracking_uri: str
    directory: Path | None = None
    """Their directory on this machine, without links; None for files elsewhere."""
    root: Path | None = None

    @cached_property
    def repository(self) -> Any:
        """MLflow's way to files elsewhere."""
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        return get_artifact_repository(self.uri, tracking_uri=self.tracking_uri)

    def names(self) -> set[str]:
        """The names of the files and folders at the top."""
        if self.directory is None:
            return {file.path for file in self.repository.list_artifacts()}
        return set(os.listdir(self.directory)) if self.directory.is_dir() else set()

    @contextmanager
    def fetched(self, name: str) -> Iterator[Path]:
        """A file, or a folder with all that is in it, to be read.

        Raises FileNotFoundError if there is none, OutsideError if a link leads out of the root.
        """
        if self.directory is None:
            with tempfile.TemporaryDirectory() as temporary:
                yield Path(self.repository.download_artifacts(name, temporary))
            return
        path = self.directory / name
        for inner in (path, *(path.rglob("*") if path.is_dir() else ())):
            if not inner.resolve().is_relative_to(str(self.root)):
                raise OutsideError(str(inner), str(self.root))
        # A pipe would block its reader.
        if not (path.is_file() or path.is_dir()):
            raise FileNotFoundError(f"there is no {path}")
        yield path

    @contextmanager
    def written(self) -> Iterator[Path]:
        """A directory; the files that are written into it are added to these."""
        if self.directory is not None:
            self.directory.mkdir(parents=True, exist_ok=True)
            yield self.directory
            return
        with tempfile.TemporaryDirectory() as temporary:
            yield Path(temporary)
            self.repository.log_artifacts(temporary)

    def replace(self, folder: str, source: Path) -> None:
        """Put all that a directory has into a folder, in place of what was there.

        Without what is hidden, since another process may be making a page there; and without links,
        which would expose the files of others to everybody who can read the store.
        """
        with tempfile.TemporaryDirectory() as temporary:
            copy = Path(temporary, folder)
            shutil.copytree(source, copy, ignore=hidden_or_elsewhere)
            if self.directory is None:
                self.repository.delete_artifacts(folder)
                self.repository.log_artifacts(str(copy), folder)
                return
            with uninterrupted():
                target = self.directory / folder
                if target.is_symlink() or target.is_file():
                    target.unlink()
                elif target.exists():
                    shutil.rmtree(target)
                shutil.copytree(copy, target)


def hidden_or_elsewhere(directory: str, names: list[str]) -> set[str]:
    """The names in a directory that are hidden, or are no plain file or folder."""
    paths = [Path(directory, name) for name in names]
    own = {path.name for path in paths
           if not path.is_symlink() and (path.is_file() or path.is_dir())}  # fmt: skip
    return {name for name in names if name.startswith(".") or name not in own}


def files_of(store: Store, uri: str) -> Files:
    """The files at an address that the store has. Raises OutsideError.

    In a directory that was moved or copied, those beside the SQLite file are meant, though their
    addresses are absolute and name the former directory.
    """
    root = root_of(store)
    path, base = local_path(uri), local_path(root)
    if path is not None and base is not None:
        real = base.resolve()
        # Of links, it is the place that counts to which they lead.
        directory = (real / below(path, base, moved=store.file is not None)).resolve()
        if ".." not in path.parts and directory.is_relative_to(real) and directory != real:
            return Files(directory.as_uri(), store.uri, directory, real)
    elif path is None and (is_below(uri, root) or is_served(uri, store.uri)):
        return Files(uri, store.uri)
    raise OutsideError(uri, root)


def root_of(store: Store) -> str:
    """The address below which all files of the store are."""
    if named := os.environ.get(VARIABLE):
        path = local_path(named)
        return path.absolute().as_uri() if path is not None else named
    if is_server(store.uri):
        return f"{SERVED}:/"
    beside = store.file.parent if store.file is not None else Path.cwd()
    return (beside / ARTIFACTS).as_uri()


def local_path(uri: str) -> Path | None:
    """The path that an address means on this machine, None for any other address."""
    try:
        address = urlsplit(uri)
    except ValueError:
        return None
    if address.scheme == "file" and address.netloc in ("", "localhost"):
        uri = url2pathname(address.path)
    elif address.scheme or address.netloc:
        return None
    return None if "\0" in uri else Path(uri)


def below(path: Path, root: Path, *, moved: bool) -> Path:
    """The part of a path below the root, or below one of its name before; else the path itself."""
    if path.is_relative_to(root):
        return path.relative_to(root)
    parts = path.parts
    names = [at for at, folder in enumerate(parts) if folder in (root.name, ARTIFACTS)]
    return Path(*parts[names[-1] + 1 :]) if moved and names else path


def is_below(uri: str, root: str) -> bool:
    """True if an address elsewhere begins with the root, and nothing in it leads out again."""
    subpath = uri.removeprefix(f"{root.rstrip('/')}/")
    return (
        subpath not in ("", uri)
        and subpath[0] != "/"
        and ".." not in subpath
        and not set(subpath) & LEADING
    )


def is_served(uri: str, server: str) -> bool:
    """True if an address names the very server that passes its files on."""
    host = server.partition("://")[2].partition("/")[0].rpartition("@")[2]
    return is_server(server) and is_below(uri, f"{SERVED}://{host}")
