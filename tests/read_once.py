"""Files that are read once, and those of the same options put together once.

Hydra takes a twentieth of a second for a command line otherwise, and tests have some thousand;
scikit-learn takes as long to parse the digits.
"""

import copy
import sys
from functools import cache
from pathlib import Path

MODES = ("hydra", "sweeps", "--config")
"""Texts in words of a command line that may choose whether it has one job or many."""


def files_read_once(patch):
    """Patch Hydra and scikit-learn.

    Errors, options that are added or deleted, and other folders are Hydra's own.
    """
    read_once(patch)
    joined_once(patch)
    sources_shared(patch)
    one_mode(patch)
    digits_parsed_once(patch)


def read_once(patch):
    """Files are parsed once while they stay as they are; those of packages always do."""
    from hydra._internal.core_plugins.file_config_source import FileConfigSource
    from hydra._internal.core_plugins.importlib_resources_config_source import (
        ImportlibResourcesConfigSource,
    )

    def state(source, config_path):
        path = Path(source.path, config_path).with_suffix(".yaml")
        return path.stat().st_mtime_ns, path.stat().st_size

    keep_parsed(patch, FileConfigSource, state)
    keep_parsed(patch, ImportlibResourcesConfigSource, lambda source, config_path: None)


def keep_parsed(patch, kind, state):
    """Have a kind of source parse a file once in each state."""
    load, parsed = kind.load_config, {}

    def load_once(source, config_path):
        try:
            key = (source.provider, source.path, config_path, state(source, config_path))
        except OSError:
            return load(source, config_path)
        if key not in parsed:
            parsed[key] = load(source, config_path)
        return copy.deepcopy(parsed[key])

    patch.setattr(kind, "load_config", load_once)


def joined_once(patch):
    """The files of the same chosen options are found and merged once; values are set each time."""
    from hydra._internal import config_loader_impl
    from hydra._internal.defaults_list import DefaultsList, Overrides

    from nnbench.options.catalogue import ROOT

    own_folders = {str(ROOT), str(ROOT / "conf")}

    create = config_loader_impl.create_defaults_list
    merge = config_loader_impl.ConfigLoaderImpl._compose_config_from_defaults_list
    created, merged = {}, {}

    def create_once(repo, config_name, overrides_list, prepend_hydra, skip_missing):
        words = (repo, config_name, overrides_list, prepend_hydra, skip_missing)
        own = Overrides(repo=repo, overrides_list=overrides_list)
        folders = {source.path for source in repo.get_sources() if source.scheme() == "file"}
        if own.append_group_defaults or own.deletions or folders - own_folders:
            return create(*words)
        key = (config_name, prepend_hydra, skip_missing, repr(own.override_choices))
        if key not in created:
            created[key] = create(*words)
        joined = created[key]
        defaults = KnownDefaults(joined.defaults)
        defaults.key = key
        return DefaultsList(defaults, joined.defaults_tree, own.config_overrides, joined.overrides)

    def merge_once(loader, defaults, repo):
        if not isinstance(defaults, KnownDefaults):
            return merge(loader, defaults, repo)
        if defaults.key not in merged:
            merged[defaults.key] = merge(loader, defaults, repo)
        return copy.deepcopy(merged[defaults.key])

    patch.setattr(config_loader_impl, "create_defaults_list", create_once)
    patch.setattr(
        config_loader_impl.ConfigLoaderImpl, "_compose_config_from_defaults_list", merge_once
    )


def sources_shared(patch):
    """Places that files are read from are not copied for each command, which changes none."""
    from hydra._internal.config_repository import CachingConfigRepository

    def keep(repository, delegate):
        repository.delegate = copy.copy(delegate)
        repository.cache = {}

    patch.setattr(CachingConfigRepository, "__init__", keep)


class KnownDefaults(list):
    """A list of files that has been found before, with the words that chose them as its `key`."""


def one_mode(patch):
    """No settings are composed for their mode unless a word can choose it.

    Hydra composes all of a command line twice, the first time to read `hydra.mode`.
    """
    from hydra._internal.hydra import Hydra

    mode = Hydra.get_mode

    def mode_of_words(*arguments, **others):
        if any(text in word for text in MODES for word in sys.argv):
            return mode(*arguments, **others)
        return None

    patch.setattr(Hydra, "get_mode", mode_of_words)


def digits_parsed_once(patch):
    """Packed tables of scikit-learn are parsed once; a test gets a copy of its own."""
    from sklearn.datasets import _base

    parse = cache(_base.load_gzip_compressed_csv_data)

    def parse_once(data_file_name, **options):
        return copy.deepcopy(parse(data_file_name, **options))

    patch.setattr(_base, "load_gzip_compressed_csv_data", parse_once)
