"""The same training in other libraries: depth hidden ReLU layers, Adam, float32, one thread.

Each function returns a call that trains for the rows given, a batch after the other, and None where
the library is not installed.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from types import ModuleType

import numpy as np

Call = Callable[[], object] | None


def installed(contestants: Mapping[str, Call]) -> dict[str, Callable[[], object]]:
    """The contestants whose library is installed; names the others."""
    missing = [name for name, call in contestants.items() if call is None]
    if missing:
        print(f"skipped, since not installed: {'; '.join(missing)}")
    return {name: call for name, call in contestants.items() if call is not None}


def sklearn(x: np.ndarray, y: np.ndarray, depth: int, width: int, batch: int) -> Call:
    """scikit-learn's MLPClassifier, one epoch of partial_fit."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier([width] * depth, batch_size=batch, alpha=0.0, random_state=0)
    return lambda: model.partial_fit(x, y, classes=np.arange(10))


def torch(x: np.ndarray, y: np.ndarray, depth: int, width: int, batch: int) -> Call:
    """PyTorch, eager, with its fused Adam."""
    try:
        import torch as library
    except ImportError:
        return None
    library.set_num_threads(1)
    library.manual_seed(0)
    nn = library.nn
    sizes = [x.shape[1], *[width] * depth]
    layers = [m for a, b in pairwise(sizes) for m in (nn.Linear(a, b), nn.ReLU())]
    model = nn.Sequential(*layers, nn.Linear(sizes[-1], 10))
    optimizer = library.optim.Adam(model.parameters(), fused=True)
    rows, labels = library.from_numpy(x), library.from_numpy(y)

    def train() -> None:
        order = library.randperm(len(rows))
        for start in range(0, len(rows) - batch + 1, batch):
            chosen = order[start : start + batch]
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(rows[chosen]), labels[chosen]).backward()
            optimizer.step()

    return train


def torch_network(x: np.ndarray, y: np.ndarray, make: Callable, batch: int) -> Call:
    """PyTorch, eager, with its fused Adam, and a module that `make` makes."""
    try:
        import torch as library
    except ImportError:
        return None
    library.set_num_threads(1)
    library.manual_seed(0)
    model = make(library)
    optimizer = library.optim.Adam(model.parameters(), fused=True)
    # Channels come before places there.
    x = np.moveaxis(x, -1, 1).copy() if x.ndim > 3 else x
    rows, labels = library.from_numpy(x), library.from_numpy(y)

    def train() -> None:
        order = library.randperm(len(rows))
        for start in range(0, len(rows) - batch + 1, batch):
            chosen = order[start : start + batch]
            optimizer.zero_grad()
            library.nn.functional.cross_entropy(model(rows[chosen]), labels[chosen]).backward()
            optimizer.step()

    return train


def torch_cnn(library: ModuleType, depth: int, channels: int, classes: int) -> object:
    """Convolutions of kernel 3 over images of one channel, and the mean of all places."""
    nn = library.nn
    sizes = [1, *[channels] * depth]
    blocks = [m for a, b in pairwise(sizes) for m in (nn.Conv2d(a, b, 3, padding=1), nn.ReLU())]
    return nn.Sequential(
        *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)
    )


def torch_rnn(library: ModuleType, cell: str, inputs: int, units: int, classes: int) -> object:
    """One recurrent layer, and what is made of its last state."""
    kinds = {"simple": library.nn.RNN, "gru": library.nn.GRU, "lstm": library.nn.LSTM}

    class Reader(library.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.recurrent = kinds[cell](inputs, units, batch_first=True)
            self.outputs = library.nn.Linear(units, classes)

        def forward(self, x: object) -> object:
            return self.outputs(self.recurrent(x)[0][:, -1])

    return Reader()


def jax(x: np.ndarray, y: np.ndarray, depth: int, width: int, batch: int, runs: int) -> Call:
    """JAX: a whole epoch compiled, `scan` over batches, `vmap` over runs, Adam written out."""
    try:
        import jax as library
        import jax.numpy as jnp
    except ImportError:
        return None
    library.config.update("jax_platforms", "cpu")
    sizes = [x.shape[1], *[width] * depth, 10]
    rng = np.random.default_rng(0)
    params = [
        (
            jnp.asarray(rng.normal(0, (2 / a) ** 0.5, (runs, a, b)), jnp.float32),
            jnp.zeros((runs, b)),
        )
        for a, b in pairwise(sizes)
    ]
    rows, hot = jnp.asarray(x), jnp.eye(10)[y]
    tree = library.tree_util.tree_map

    def loss(params: list, chosen: np.ndarray) -> object:
        a = rows[chosen]
        for weights, bias in params[:-1]:
            a = library.nn.relu(a @ weights + bias)
        logits = a @ params[-1][0] + params[-1][1]
        return -(hot[chosen] * library.nn.log_softmax(logits)).sum(1).mean()

    def step(state: tuple, chosen: np.ndarray) -> tuple:
        params, mean, square, t = state
        grads = library.grad(loss)(params, chosen)
        t = t + 1
        mean = tree(lambda m, g: 0.9 * m + 0.1 * g, mean, grads)
        square = tree(lambda v, g: 0.999 * v + 0.001 * g * g, square, grads)
        c1, c2 = 1 - 0.9**t, 1 - 0.999**t
        params = tree(
            lambda p, m, v: p - 1e-3 * (m / c1) / (jnp.sqrt(v / c2) + 1e-8), params, mean, square
        )
        return (params, mean, square, t), None

    def epoch(state: tuple, order: np.ndarray) -> tuple:
        return library.lax.scan(step, state, order)[0]

    compiled = library.jit(library.vmap(epoch))
    zeros = tree(jnp.zeros_like, params)
    state = (params, zeros, zeros, jnp.zeros(runs))
    steps = len(x) // batch

    def train() -> None:
        nonlocal state
        order = np.stack([rng.permutation(len(x))[: steps * batch] for _ in range(runs)])
        state = compiled(state, order.reshape(runs, steps, batch))
        library.block_until_ready(state)

    return train
