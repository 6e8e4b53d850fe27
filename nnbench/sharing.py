"""Composing the jobs of a sweep: those that differ only in plain values share what is composed."""

from collections.abc import Callable, Sequence
from copy import deepcopy

from hydra.core.override_parser.types import Override, OverrideType
from omegaconf import DictConfig, OmegaConf, flag_override
from omegaconf.errors import OmegaConfBaseException

from nnbench.explain import GROUPS, KEYS
from nnbench.misread import parsed

Compose = Callable[[list[str]], DictConfig]


def sharing(compose: Compose) -> Callable[[Sequence[str]], DictConfig]:
    """What composes the settings of one job after the other from their words, as `compose` does.

    Hydra takes a tenth of a second for each, nearly all of it for putting files together, which
    depends on the chosen options of groups but not on numbers.
    """
    shared: dict[tuple[str, ...], DictConfig] = {}

    def composed(words: Sequence[str]) -> DictConfig:
        plain = [word for word in words if is_plain(parsed(word))]
        # The same keys must be set, so that every key of the shared settings is there.
        shape = (*(w for w in words if w not in plain), *(parsed(w).key_or_group for w in plain))
        if shape in shared:
            settings = deepcopy(shared[shape])
            try:
                for word in plain:
                    OmegaConf.update(settings, parsed(word).key_or_group, parsed(word).value())
            except OmegaConfBaseException:
                # Hydra says what is wrong in the words that are expected of it.
                settings = compose(list(words))
        else:
            settings = compose(list(words))
            shared[shape] = deepcopy(settings)
            with flag_override(shared[shape], ["struct", "readonly"], False):
                # By far the largest part, and the same for all.
                shared[shape].pop("hydra", None)
        return settings

    return composed


def is_plain(override: Override) -> bool:
    """Whether a word sets a value, and chooses no file."""
    first, *_ = override.key_or_group.split(".")
    is_file = override.key_or_group in GROUPS or first not in KEYS
    return override.type is OverrideType.CHANGE and not is_file and override.package is None
