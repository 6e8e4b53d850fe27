"""Replace `null`, `auto` and a target size by their values: first without data, then with them."""

from dataclasses import replace

from nnbench.assembly import checks
from nnbench.assembly.sizing import asked, sized
from nnbench.assembly.stackable import stack_key
from nnbench.data.dataset import Dataset
from nnbench.engine.auto_init import USUAL
from nnbench.options.catalogue import SETTLED, named
from nnbench.options.keys import ALLOWED
from nnbench.run.config import Component, RunConfig
from nnbench.run.errors import InvalidRunError
from nnbench.run.metrics import Task


def settle(config: RunConfig) -> RunConfig:
    """Replace `null` and `auto` by their values, unless these depend on data."""
    lr, decay = config.lr, config.weight_decay
    if lr is None:
        lr = own_number(config.optimizer, "lr")
    if decay is None:
        decay = own_number(config.optimizer, "weight_decay", 0.0)
    init = config.init
    if init.name == "auto":
        init = settle_init(init, config.activation.option("init") or USUAL)
    return replace(
        config,
        lr=lr,
        weight_decay=decay,
        init=init,
        residual_scale=scale_of(config),
        optimizer=config.optimizer.without(*SETTLED["optimizer"]),
        activation=config.activation.without(*SETTLED["activation"]),
    )


def settle_with_data(
    config: RunConfig, data: Dataset, widths: dict[object, int] | None = None
) -> RunConfig:
    """Put the loss and the width in their place that `loss=auto` and a size stand for on data.

    `widths` holds widths that were computed before, by stack key, and is added to. Raises
    IncompatibleError if the settings make no sense together, or no width comes near the size.
    """
    config = settle_loss(config, data.task)
    checks.check_together(config, data.task)
    if asked(config) is None:
        return config
    widths = {} if widths is None else widths
    alike = stack_key(config)
    if alike not in widths:
        widths[alike] = sized(config, data).width
    return replace(config, width=widths[alike])


def settle_loss(config: RunConfig, task: Task) -> RunConfig:
    """Put the loss that `loss=auto` stands for on data of this task in its place."""
    if config.loss.name != "auto":
        return config
    return replace(config, loss=named("loss", f"loss.{task}", config.loss.option(task)))


def settle_init(auto: Component, usual: object) -> Component:
    """`init=auto` with the initialiser of hidden layers that it stands for."""
    asked = auto.option("hidden")
    named("init", "activation.init" if asked is None else "init.hidden", asked or usual)
    return replace(auto, options={**(auto.options or {}), "hidden": asked or usual})


def scale_of(config: RunConfig) -> float | str:
    """The factor of residual branches: 1 stands for `auto` with a norm, `auto` for no branches."""
    if not config.residual:
        return "auto"
    # A norm in a branch already keeps its outputs at one scale.
    return 1.0 if config.norm.target and config.residual_scale == "auto" else config.residual_scale


def own_number(optimizer: Component, key: str, default: float | None = None) -> float:
    """The optimizer's own value of a key of the run. Raises InvalidRunError if it is invalid."""
    value = optimizer.option(key)
    if value is None:
        value = default
    if value is None or not ALLOWED[key](value):
        raise InvalidRunError(f"optimizer.{key}", value, f"must be {ALLOWED[key].words}")
    number: float = value
    return number
