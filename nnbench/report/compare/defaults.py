"""nnbench's own value of a key, for runs that don't set it."""

from collections.abc import Hashable, Mapping

from nnbench.options import catalogue
from nnbench.report.compare.where_filter import mark


def own_values(key: str, row: Mapping[str, Hashable]) -> set[Hashable]:
    """Values that nnbench itself takes for a key of this run; none if its component is foreign."""
    name = str(row.get(folder(key)))
    if folder(key) == key:
        texts = {"null" if text == "None" else text for text in catalogue.usual(key)}
        return {mark(text) for text in texts}
    if not catalogue.file_of(folder(key), name).is_file():
        # A component that a run hasn't got has no options either.
        return {mark(None)} if name in ("None", "nan") else set()
    option = catalogue.option(folder(key), name).option(key.rpartition(".")[2])
    if catalogue.file_of(key, "auto").is_file():
        # What `auto` stands for is as much the default as its name.
        return {mark("auto"), mark(option)}
    # Without one of its own, an optimizer leaves the weights as they are.
    return {mark(0.0 if option is None and key == "weight_decay" else option)}


def folder(key: str) -> str:
    """The config group that says what a key is: of lr the optimizer's, of init the activation's."""
    settled = (group for group, keys in catalogue.SETTLED.items() if key in keys)
    return next(settled, key.partition(".")[0])
