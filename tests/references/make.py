"""Makes the reference figures that lie beside this file, with other implementations.

    python -m tests.references.make

The files that are here were made with PyTorch 2.13.0 (CPU) and NumPy 2.4.6, the optimizers that
PyTorch doesn't have with optax 0.2.8 on JAX 0.10.2; each file holds the versions that made it.
Everything is float64.

- activations.npz: values and derivatives on a grid.
- losses.npz: values and gradients for a few batches.
- optimizers.npz: parameters of a small network in the course of 100 steps, for every case.
- schedules.npz: multipliers of the learning rate at each of 100 steps; for plateau, in each of 100
  epochs, given `losses` after them.

`cases` in each file is JSON: for every name of an array, the option of conf/ and its settings.
"""

import json

import jax
import numpy as np
import optax
import torch
from torch.nn import functional
from torch.optim import lr_scheduler

from nnbench.verification.references import DIRECTORY

VERSIONS = {"torch": torch.__version__, "numpy": np.__version__}
OPTAX_VERSIONS = {"jax": jax.__version__, "optax": optax.__version__}

# Also for the numbers that an optimizer of PyTorch's keeps as tensors.
torch.set_default_dtype(torch.float64)
jax.config.update("jax_enable_x64", True)


def gelu_tanh(x):
    """functional.gelu(x, approximate="tanh"), which loses digits in its tail, without the tanh."""
    y = x * torch.sigmoid(np.sqrt(8 / np.pi) * (x + 0.044715 * x**3))
    torch.testing.assert_close(y, functional.gelu(x, approximate="tanh"), rtol=0, atol=1e-14)
    return y


ACTIVATIONS = {
    "identity": lambda x: x,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": functional.relu,
    "leaky_relu": lambda x, slope: functional.leaky_relu(x, slope),
    "prelu": lambda x, slope: functional.prelu(x, torch.tensor([slope], dtype=x.dtype)),
    "elu": lambda x, alpha: functional.elu(x, alpha),
    "gelu": functional.gelu,
    "softplus": lambda x: functional.softplus(x, threshold=1000),
    # functional.hardsigmoid has a derivative of 1/6 in single precision, whatever that of x.
    "hard_sigmoid": lambda x: functional.relu6(x + 3) / 6,
    "selu": functional.selu,
    "gelu_tanh": gelu_tanh,
    "silu": functional.silu,
    "mish": functional.mish,
    "softsign": functional.softsign,
    "sine": torch.sin,
}
ACTIVATION_CASES = {
    "identity": ("identity", {}),
    "sigmoid": ("sigmoid", {}),
    "tanh": ("tanh", {}),
    "relu": ("relu", {}),
    "gelu": ("gelu", {}),
    "softplus": ("softplus", {}),
    "leaky_relu": ("leaky_relu", {"slope": 0.01}),
    "leaky_relu, steep": ("leaky_relu", {"slope": 0.3}),
    "elu": ("elu", {"alpha": 1.0}),
    "elu, half": ("elu", {"alpha": 0.5}),
    "elu, double": ("elu", {"alpha": 2.0}),
    "prelu": ("prelu", {"slope": 0.25}),
    "prelu, falling": ("prelu", {"slope": -0.5}),
    "hard_sigmoid": ("hard_sigmoid", {}),
    "selu": ("selu", {}),
    "gelu_tanh": ("gelu_tanh", {}),
    "silu": ("silu", {}),
    "mish": ("mish", {}),
    "softsign": ("softsign", {}),
    "sine": ("sine", {}),
}


def focal(outputs, targets, gamma):
    """The formula, of which PyTorch takes the gradient."""
    log_p = (functional.log_softmax(outputs, dim=1) * targets).sum(dim=1)
    return (-((1 - log_p.exp()) ** gamma) * log_p).mean()


LOSSES = {
    "mse": functional.mse_loss,
    "mae": functional.l1_loss,
    "huber": functional.huber_loss,
    "log_cosh": lambda x, targets: torch.log(torch.cosh(x - targets)).mean(),
    "cross_entropy": functional.cross_entropy,
    "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
    "focal": focal,
    "hinge": lambda x, targets: functional.multi_margin_loss(x, targets.argmax(dim=1)),
    "poisson_nll": functional.poisson_nll_loss,
}
LOSS_CASES = {
    "mse": ("mse", {}),
    "cross_entropy": ("cross_entropy", {"label_smoothing": 0.0}),
    "cross_entropy, smoothed": ("cross_entropy", {"label_smoothing": 0.1}),
    "binary_cross_entropy": ("binary_cross_entropy", {}),
    "mae": ("mae", {}),
    "huber": ("huber", {"delta": 1.0}),
    "huber, narrow": ("huber", {"delta": 0.2}),
    "log_cosh": ("log_cosh", {}),
    "focal": ("focal", {"gamma": 2.0}),
    "focal, gentle": ("focal", {"gamma": 1.5}),
    "hinge": ("hinge", {}),
    "poisson_nll": ("poisson_nll", {}),
}

STEPS = 100
KEPT = (1, 2, 5, 10, 20, 50, 100)
ROWS, BATCH, INPUTS, HIDDEN, OUTPUTS = 20, 5, 3, 4, 2


def adams(kind, **more):
    """An optimizer of PyTorch's that has the hyperparameters of Adam."""
    return lambda p, beta1, beta2, epsilon, **o: kind(
        p, betas=(beta1, beta2), eps=epsilon, **more, **o
    )


def rmsprop(p, epsilon, **options):
    """RMSprop, whichever kind of it."""
    return torch.optim.RMSprop(p, eps=epsilon, **options)


OPTIMIZERS = {
    "sgd": lambda p, **o: torch.optim.SGD(p, **o),
    "momentum": lambda p, **o: torch.optim.SGD(p, **o),
    "nesterov": lambda p, **o: torch.optim.SGD(p, **o, nesterov=True),
    "adagrad": lambda p, epsilon, **o: torch.optim.Adagrad(p, eps=epsilon, **o),
    "rmsprop": rmsprop,
    "adam": adams(torch.optim.Adam),
    "adamw": adams(torch.optim.AdamW),
    "adadelta": lambda p, epsilon, **o: torch.optim.Adadelta(p, eps=epsilon, **o),
    "adamax": adams(torch.optim.Adamax),
    "amsgrad": adams(torch.optim.Adam, amsgrad=True),
    "asgd": lambda p, decay, power, **o: torch.optim.ASGD(p, lambd=decay, alpha=power, **o),
    "nadam": adams(torch.optim.NAdam),
    "radam": adams(torch.optim.RAdam),
    "rmsprop_centered": lambda p, **o: rmsprop(p, centered=True, **o),
    "rmsprop_momentum": rmsprop,
    "rprop": lambda p, shrink, growth, smallest, largest, lr, weight_decay: torch.optim.Rprop(
        p, lr=lr, etas=(shrink, growth), step_sizes=(smallest, largest)
    ),
}
OPTAX = {
    "adabelief": lambda lr, beta1, beta2, epsilon, epsilon_root: optax.adabelief(
        lr, beta1, beta2, epsilon, epsilon_root
    ),
    "adan": lambda lr, weight_decay, beta1, beta2, beta3, epsilon, epsilon_root: optax.adan(
        lr, beta1, beta2, beta3, epsilon, epsilon_root, weight_decay
    ),
    "lion": lambda lr, weight_decay, beta1, beta2: optax.lion(
        lr, beta1, beta2, weight_decay=weight_decay
    ),
    "sign_sgd": lambda lr: optax.sign_sgd(lr),
    "yogi": lambda lr, beta1, beta2, epsilon, start: optax.chain(
        optax.scale_by_yogi(beta1, beta2, epsilon, initial_accumulator_value=start),
        optax.scale_by_learning_rate(lr),
    ),
}
DECOUPLED = ("adan", "lion")
"""Those of optax's that take the weight decay themselves."""
PENALISED = ("rprop", *(set(OPTAX) - set(DECOUPLED)))
"""Those that don't know of weight decay, which is added to their gradients as an L2 penalty."""

ADAMS = (
    {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-4},
)
NADAMS = tuple(
    {**adam, "momentum_decay": decay} for adam, decay in zip(ADAMS, (4e-3, 0.1), strict=True)
)
SETTINGS = {
    "sgd": (0.1, {}, {}),
    "momentum": (0.05, {"momentum": 0.9}, {"momentum": 0.5}),
    "nesterov": (0.05, {"momentum": 0.9}, {"momentum": 0.5}),
    "adagrad": (0.1, {"epsilon": 1e-10}, {"epsilon": 1e-3}),
    "rmsprop": (0.01, {"alpha": 0.99, "epsilon": 1e-8}, {"alpha": 0.9, "epsilon": 1e-3}),
    "adam": (0.02, *ADAMS),
    "adamw": (0.02, *ADAMS),
    "adadelta": (1.0, {"rho": 0.9, "epsilon": 1e-6}, {"rho": 0.99, "epsilon": 1e-3}),
    "adamax": (0.02, *ADAMS),
    "amsgrad": (0.02, *ADAMS),
    "asgd": (0.1, {"decay": 1e-4, "power": 0.75}, {"decay": 0.3, "power": 0.6}),
    "nadam": (0.02, *NADAMS),
    "radam": (0.02, *ADAMS),
    "rmsprop_centered": (0.01, {"alpha": 0.99, "epsilon": 1e-8}, {"alpha": 0.9, "epsilon": 1e-3}),
    "rmsprop_momentum": (
        0.003,
        {"alpha": 0.99, "epsilon": 1e-8, "momentum": 0.9},
        {"alpha": 0.9, "epsilon": 1e-3, "momentum": 0.5},
    ),
    "rprop": (
        0.01,
        {"shrink": 0.5, "growth": 1.2, "smallest": 1e-6, "largest": 50.0},
        {"shrink": 0.7, "growth": 1.4, "smallest": 1e-3, "largest": 0.02},
    ),
    "adabelief": (
        0.02,
        {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-16, "epsilon_root": 1e-16},
        {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-4, "epsilon_root": 1e-5},
    ),
    "adan": (
        0.02,
        {"beta1": 0.98, "beta2": 0.92, "beta3": 0.99, "epsilon": 1e-8, "epsilon_root": 1e-8},
        {"beta1": 0.9, "beta2": 0.5, "beta3": 0.8, "epsilon": 1e-3, "epsilon_root": 1e-4},
    ),
    "lion": (0.01, {"beta1": 0.9, "beta2": 0.99}, {"beta1": 0.5, "beta2": 0.8}),
    "sign_sgd": (0.01, {}, {}),
    "yogi": (
        0.02,
        {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-3, "start": 1e-6},
        {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-4, "start": 0.1},
    ),
}
"""By optimizer: a learning rate, the usual hyperparameters and others."""

SCHEDULES = {
    "constant": ("constant", {}),
    "step": ("step", {"every": 0.25, "factor": 0.1}),
    "step, small": ("step", {"every": 0.07, "factor": 0.8}),
    "cosine": ("cosine", {"floor": 0.0}),
    "cosine, floor": ("cosine", {"floor": 0.1}),
    "constant, warm-up": ("constant", {"warmup": 0.15}),
    "cosine, warm-up": ("cosine", {"floor": 0.05, "warmup": 0.2}),
    "step, warm-up": ("step", {"every": 0.25, "factor": 0.5, "warmup": 0.2}),
    "multistep": ("multistep", {"milestones": [0.5, 0.75], "factor": 0.1}),
    "multistep, one": ("multistep", {"milestones": [0.07], "factor": 0.5}),
    "multistep, warm-up": (
        "multistep",
        {"milestones": [0.2, 0.55, 0.7], "factor": 0.3, "warmup": 0.2},
    ),
    "exponential": ("exponential", {"floor": 0.01}),
    "exponential, warm-up": ("exponential", {"floor": 0.3, "warmup": 0.15}),
    "polynomial": ("polynomial", {"power": 1.0, "floor": 0.0}),
    "polynomial, power": ("polynomial", {"power": 2.5, "floor": 0.0}),
    "polynomial, floor": ("polynomial", {"power": 1.0, "floor": 0.2}),
    "polynomial, warm-up": ("polynomial", {"power": 0.5, "floor": 0.0, "warmup": 0.2}),
    "inverse_sqrt": ("inverse_sqrt", {"timescale": 1 / 100}),
    "inverse_sqrt, warm-up": ("inverse_sqrt", {"timescale": 20 / 81, "warmup": 0.19}),
    "cosine_restarts": ("cosine_restarts", {"period": 0.25, "lengthening": 1.0, "floor": 0.0}),
    "cosine_restarts, longer": (
        "cosine_restarts",
        {"period": 0.1, "lengthening": 2.0, "floor": 0.1},
    ),
    "cosine_restarts, short": (
        "cosine_restarts",
        {"period": 0.02, "lengthening": 3.0, "floor": 0.0},
    ),
    "cosine_restarts, warm-up": (
        "cosine_restarts",
        {"period": 0.1, "lengthening": 2.0, "floor": 0.0, "warmup": 0.2},
    ),
    "one_cycle": ("one_cycle", {"peak": 0.3, "start": 0.04, "floor": 4e-6}),
    "one_cycle, late": ("one_cycle", {"peak": 0.65, "start": 0.5, "floor": 0.1}),
    "cyclic": ("cyclic", {"period": 0.25, "floor": 0.25, "factor": 1.0}),
    "cyclic, odd": ("cyclic", {"period": 0.07, "floor": 0.05, "factor": 1.0}),
    "cyclic, lower": ("cyclic", {"period": 0.3, "floor": 0.1, "factor": 0.5}),
    "wsd": ("wsd", {"warmup": 0.05, "decay": 0.2, "floor": 0.0}),
    "wsd, floor": ("wsd", {"warmup": 0.2, "decay": 0.5, "floor": 0.1}),
    "wsd, no warm-up": ("wsd", {"warmup": 0.0, "decay": 0.1, "floor": 0.0}),
}

PLATEAUS = {
    "plateau": {"factor": 0.1, "patience": 10, "threshold": 1e-4, "cooldown": 0, "floor": 0.0},
    "plateau, soon": {"factor": 0.5, "patience": 0, "threshold": 0.0, "cooldown": 0, "floor": 0.0},
    "plateau, strict": {"factor": 0.5, "patience": 3, "threshold": 0.05, "cooldown": 0, "floor": 0},
    "plateau, slow": {"factor": 0.7, "patience": 2, "threshold": 1e-3, "cooldown": 7, "floor": 0.1},
}


def save(name, cases, arrays, versions=VERSIONS):
    """Write one file."""
    path = DIRECTORY / f"{name}.npz"
    # Names such as "step, small" are fine for cases, less so for members of an archive.
    numbered = {f"case{i}": arrays.pop(case) for i, case in enumerate(cases)}
    listed = {f"case{i}": {"name": case, **cases[case]} for i, case in enumerate(cases)}
    np.savez_compressed(
        path, versions=json.dumps(versions), cases=json.dumps(listed), **numbered, **arrays
    )


def activations():
    """Values and derivatives, stacked, on a grid that includes 0 and the tails."""
    grid = np.concatenate([np.linspace(-6, 6, 97), [-700, -40, -1e-3, -1e-9, 1e-9, 1e-3, 40, 700]])
    arrays, cases = {"x": grid}, {}
    for case, (name, options) in ACTIVATION_CASES.items():
        x = torch.tensor(grid, requires_grad=True)
        y = ACTIVATIONS[name](x, **options)
        (slope,) = torch.autograd.grad(y.sum(), x)
        arrays[case] = np.stack([y.detach().numpy(), slope.numpy()])
        cases[case] = {"option": name, "options": options}
    save("activations", cases, arrays)


def losses():
    """Gradients and, in the last place of a flat row, the values of three runs."""
    rng = np.random.default_rng(1)
    runs, batch, outputs = 3, 7, 4
    x = rng.normal(0, 1, (runs, batch, outputs)) * np.array([0.1, 3, 40])[:, None, None]
    targets = np.eye(outputs)[rng.integers(outputs, size=(runs, batch))]
    arrays, cases = {"outputs": x, "targets": targets}, {}
    for case, (name, options) in LOSS_CASES.items():
        rows = []
        for run in range(runs):
            tensor = torch.tensor(x[run], requires_grad=True)
            value = LOSSES[name](tensor, torch.tensor(targets[run]), **options)
            (gradient,) = torch.autograd.grad(value, tensor)
            rows.append(np.append(gradient.numpy().ravel(), value.item()))
        arrays[case] = np.stack(rows)
        cases[case] = {"option": name, "options": options}
    save("losses", cases, arrays)


def optimizers():
    """Parameters after some of the steps of a tanh network on batches taken in turn."""
    rng = np.random.default_rng(2)
    x = rng.normal(0, 1, (ROWS, INPUTS))
    targets = np.stack([np.sin(x[:, 0]) * x[:, 1], x[:, 2] ** 2 - 1], axis=1)
    size = (INPUTS + 1) * HIDDEN + (HIDDEN + 1) * OUTPUTS
    arrays = {"x": x, "targets": targets, "start": rng.normal(0, 0.5, size), "steps": KEPT}
    cases = {}
    for name, (lr, usual, other) in SETTINGS.items():
        for word, options, factor in (("usual", usual, 1), ("other", other, 0.3)):
            for decay in (0.0, 0.02):
                case = f"{name}, {word}, weight decay {decay}"
                arrays[case] = trajectory(arrays, name, lr * factor, decay, options)
                cases[case] = {
                    "option": name, "options": options, "lr": lr * factor, "weight_decay": decay
                }  # fmt: skip
    save("optimizers", cases, arrays, {**VERSIONS, **OPTAX_VERSIONS})


def trajectory(arrays, name, lr, decay, options):
    """One optimizer's course, with the network written out in PyTorch."""
    vector = torch.tensor(arrays["start"], requires_grad=True)
    step = stepping(vector, name, lr, decay, options)
    x, targets = torch.tensor(arrays["x"]), torch.tensor(arrays["targets"])
    shapes = [(INPUTS, HIDDEN), (1, HIDDEN), (HIDDEN, OUTPUTS), (1, OUTPUTS)]
    kept = []
    for t in range(STEPS):
        rows = torch.arange(t * BATCH, (t + 1) * BATCH) % ROWS
        parts = torch.split(vector, [int(np.prod(shape)) for shape in shapes])
        w1, b1, w2, b2 = (part.reshape(s) for part, s in zip(parts, shapes, strict=True))
        outputs = torch.tanh(x[rows] @ w1 + b1) @ w2 + b2
        vector.grad = None
        functional.mse_loss(outputs, targets[rows]).backward()
        if name in PENALISED:
            vector.grad += decay * vector.detach()
        step()
        if t + 1 in KEPT:
            kept.append(vector.detach().numpy().copy())
    return np.stack(kept)


def stepping(vector, name, lr, decay, options):
    """What moves a vector of parameters along the gradients that it holds."""
    if name in OPTIMIZERS:
        return OPTIMIZERS[name]([vector], lr=lr, weight_decay=decay, **options).step
    decoupled = {"weight_decay": decay} if name in DECOUPLED else {}
    rule = OPTAX[name](lr, **decoupled, **options)
    state = rule.init(vector.detach().numpy())

    def step():
        nonlocal state
        params = vector.detach().numpy()
        updates, state = rule.update(vector.grad.numpy(), state, params)
        with torch.no_grad():
            vector.add_(torch.tensor(np.asarray(updates)))

    return step


def schedules():
    """The rate at every step, as a share of the first rate."""
    arrays = {}
    for case, (name, options) in SCHEDULES.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        scheduler = scheduled(optimizer, name, **options)
        rates = []
        for _ in range(STEPS):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        arrays[case] = np.array(rates)
    cases = {case: {"option": name, "options": o} for case, (name, o) in SCHEDULES.items()}
    losses = validation_losses()
    for case, options in PLATEAUS.items():
        arrays[case] = np.stack([plateau(curve, **options) for curve in losses])
        cases[case] = {"option": "plateau", "options": options}
    save("schedules", cases, {**arrays, "losses": losses})


def validation_losses():
    """Curves (curves, epochs): with ever less to gain, overfitting, in stairs, wandering, level."""
    rng = np.random.default_rng(3)
    epoch = np.arange(STEPS)
    noise = rng.normal(0, 0.02, (5, STEPS))
    falling = np.exp(-epoch / 15)
    return np.stack(
        [
            falling + 0.2,
            falling + 0.2 + noise[0],
            falling + 0.2 + epoch / 300 + noise[1],
            1.5 - epoch // 13 * 0.1 + abs(noise[2]) / 10,
            np.exp(noise[3].cumsum()),
            1 + noise[4] / 1000,
            np.ones(STEPS),
        ]
    )


def plateau(losses, factor, patience, threshold, cooldown, floor):
    """The rate in every epoch, as a share of the first; the last loss comes too late to matter."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = lr_scheduler.ReduceLROnPlateau(
        optimizer,
        factor=factor,
        patience=patience,
        threshold=threshold,
        cooldown=cooldown,
        min_lr=floor,
        eps=0,
    )
    rates = []
    for loss in losses:
        rates.append(optimizer.param_groups[0]["lr"])
        scheduler.step(loss)
    return np.array(rates)


def scheduled(optimizer, name, warmup=0.0, **options):
    """A schedule of PyTorch's, after a warm-up."""
    length = round(warmup * STEPS)
    rest = STEPS - length
    after = {
        "constant": lambda: lr_scheduler.ConstantLR(optimizer, factor=1.0),
        "step": lambda: lr_scheduler.StepLR(
            optimizer, round(options["every"] * (STEPS - length)), options["factor"]
        ),
        "cosine": lambda: lr_scheduler.CosineAnnealingLR(
            optimizer, STEPS - length, eta_min=options["floor"]
        ),
        "multistep": lambda: lr_scheduler.MultiStepLR(
            optimizer, [round(share * rest) for share in options["milestones"]], options["factor"]
        ),
        "exponential": lambda: lr_scheduler.ExponentialLR(
            optimizer, options["floor"] ** (1 / rest)
        ),
        # PyTorch's polynomial has no floor, but its straight line has.
        "polynomial": lambda: (
            lr_scheduler.LinearLR(optimizer, 1.0, options["floor"], rest)
            if options["floor"]
            else lr_scheduler.PolynomialLR(optimizer, rest, options["power"])
        ),
        "cosine_restarts": lambda: lr_scheduler.CosineAnnealingWarmRestarts(
            optimizer,
            round(options["period"] * rest),
            round(options["lengthening"]),
            eta_min=options["floor"],
        ),
        # PyTorch's last step is the end, which ours is one short of, as in its other schedules.
        "one_cycle": lambda: lr_scheduler.OneCycleLR(
            optimizer,
            max_lr=1.0,
            total_steps=rest + 1,
            pct_start=(options["peak"] * rest + 1) / (rest + 1),
            div_factor=1 / options["start"],
            final_div_factor=options["start"] / options["floor"],
            cycle_momentum=False,
        ),
        "cyclic": lambda: lr_scheduler.CyclicLR(
            optimizer,
            base_lr=options["floor"],
            max_lr=1.0,
            step_size_up=options["period"] * rest / 2,
            mode={1.0: "triangular", 0.5: "triangular2"}[options["factor"]],
            cycle_momentum=False,
        ),
    }
    if name == "inverse_sqrt":
        return inverse_sqrt(optimizer, length + 1)
    parts, edges = [], []
    if length:
        parts.append(lr_scheduler.LinearLR(optimizer, 1 / (length + 1), total_iters=length))
        edges.append(length)
    if name == "wsd":
        falling = round(options["decay"] * rest)
        parts.append(lr_scheduler.ConstantLR(optimizer, factor=1.0))
        edges.append(STEPS - falling)
        parts.append(lr_scheduler.LinearLR(optimizer, 1.0, options["floor"], falling))
    else:
        parts.append(after[name]())
    return lr_scheduler.SequentialLR(optimizer, parts, edges) if edges else parts[0]


def inverse_sqrt(optimizer, warm):
    """As Vaswani et al. write it, with its warm-up; PyTorch has none of its own."""
    return lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) ** -0.5, (step + 1) * warm**-1.5) * warm**0.5
    )


if __name__ == "__main__":
    activations()
    losses()
    optimizers()
    schedules()
