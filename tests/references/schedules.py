"""Makes schedules.npz: multipliers of the learning rate, with PyTorch.

At each of 100 steps; for plateau, in each of 100 epochs, given `losses` after them.
"""

import numpy as np
import torch
from torch.optim import lr_scheduler

from tests.references.save import save

STEPS = 100

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
    "one_cycle, odd": ("one_cycle", {"peak": 0.333, "start": 0.1, "floor": 0.01}),
    "one_cycle, warm-up": (
        "one_cycle",
        {"peak": 0.3, "start": 1.0, "floor": 0.001, "warmup": 0.2},
    ),
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


def main():
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
        "one_cycle": lambda: lr_scheduler.OneCycleLR(
            optimizer,
            max_lr=1.0,
            total_steps=rest,
            pct_start=options["peak"],
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
