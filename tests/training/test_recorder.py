"""Best epochs, early stopping and divergence."""

from dataclasses import replace

import numpy as np
import pytest

import nnbench
from nnbench.training.divergence import EXPLODED
from nnbench.training.recorder import Recorder
from tests.build_small import run, stacked

NAN = float("nan")


def recorded(*scores, patiences=None, losses=None):
    """A recorder that was told each run's validation accuracies, from epoch 0 on.

    Runs leave when they are done; also returns the epoch after which each did, or None.
    """
    patiences = patiences or [None] * len(scores)
    configs = [replace(run(epochs=len(scores[0]) - 1), patience=p) for p in patiences]
    network = stacked(configs).network
    recorder = Recorder(configs, network, "classification", np.zeros((len(scores), network.size)))
    active = np.arange(len(scores))
    stopped = [None] * len(scores)
    losses = np.ones((len(scores), len(scores[0]))) if losses is None else np.array(losses)
    for epoch in range(len(scores[0])):
        metrics = {
            "train_loss": losses[active, epoch],
            "validation_accuracy": np.array(scores)[active, epoch],
        }
        values = np.full((active.size, network.size), float(epoch))
        recorder.record(epoch, active, metrics, values)
        going = recorder.goes_on(epoch, active)
        for position in active[~going]:
            stopped[position] = epoch
        active = active[going]
        if not active.size:
            break
    return recorder, stopped


@pytest.mark.parametrize(
    ("scores", "best"),
    [
        ([0.1, 0.5, 0.7, 0.6], 2),
        ([0.1, 0.5, 0.7, 0.7], 3),
        ([0.1, 0.7, 0.5, 0.7], 3),
        ([0.1, 0.7, 0.5, 0.6], 1),
        ([0.9, 0.1, 0.2, 0.1], 2),
        ([0.9, 0.1, 0.0, 0.0], 1),
        ([0.5, 0.5, 0.5, 0.5], 3),
    ],
    ids=str,
)
def test_highest_score_is_the_best_epoch(scores, best):
    """The highest score; of equal ones the later; never the network before training."""
    recorder, _ = recorded(scores)

    assert recorder.best_epoch[0] == best
    assert (recorder.best_values[0] == best).all()
    assert (recorder.last_values[0] == 3).all()


@pytest.mark.parametrize(
    ("scores", "patience", "stop"),
    [
        ([0.1, 0.5, 0.4, 0.4, 0.6, 0.7], 2, 3),
        ([0.1, 0.5, 0.4, 0.6, 0.5, 0.5], 2, 5),
        ([0.1, 0.5, 0.4, 0.6, 0.5, 0.7], 2, None),
        ([0.1, 0.5, 0.5, 0.5, 0.5, 0.5], 3, 4),
        ([0.9, 0.5, 0.4, 0.3, 0.2, 0.1], 1, 2),
        ([0.9, 0.5, 0.4, 0.3, 0.2, 0.1], None, None),
    ],
    ids=str,
)
def test_patience_counts_epochs_that_were_no_better(scores, patience, stop):
    _, stopped = recorded(scores, patiences=[patience])

    assert stopped == [stop]


def test_runs_have_patience_of_their_own():
    falling = [0.1, 0.9, 0.5, 0.4, 0.3, 0.2]

    recorder, stopped = recorded(falling, falling, falling, patiences=[3, None, 1])

    assert stopped == [4, None, 2]
    np.testing.assert_array_equal(recorder.last_epoch, [4, 5, 2])
    np.testing.assert_array_equal(recorder.best_epoch, [1, 1, 1])


@pytest.mark.parametrize(
    "losses", [[1, 1, NAN, 1], [1, 1, np.inf, 1], [1, 1, 1.01 * EXPLODED, 1]], ids=str
)
def test_run_has_diverged_for_good(losses):
    recorder, stopped = recorded([0.1, 0.2, 0.9, 0.9], losses=[losses])

    assert stopped == [2]
    assert "train_loss" in recorder.reasons[0]
    assert "epoch 2" in recorder.reasons[0]
    assert recorder.last_epoch[0] == 1
    assert recorder.best_epoch[0] == 1
    (result,) = recorder.results({"test_loss": np.ones(1)}, 7, np.zeros(1))
    assert result.status == "diverged"
    sizes = {"n_params": recorder.network.size, "n_flops": recorder.network.products}
    assert result.final == {**sizes, "steps": 7, "diverged_step": 0}
    np.testing.assert_array_equal(result.history.curves["validation_accuracy"], [0.1, 0.2])


def test_loss_that_rises_has_not_diverged():
    recorder, stopped = recorded([0.1, 0.2, 0.3], losses=[[1, 0.9 * EXPLODED, 2]])

    assert stopped == [None]
    assert recorder.reasons == [""]


@pytest.mark.parametrize("patience", [1, 3])
def test_patient_run_stops_as_its_scores_say(patience):
    config = run(dataset="moons", lr=0.1, epochs=40, patience=patience)

    result = nnbench.train(config)

    scores = result.history.curves["validation_accuracy"]
    improved = max(e for e in range(1, len(scores)) if scores[e] > max(scores[1:e], default=-1))
    assert result.status == "finished"
    assert len(scores) - 1 == improved + patience < 40
    # Until then, patience makes no difference.
    patient = nnbench.train(replace(config, patience=None)).history.curves["train_loss"]
    stopped = result.history.curves["train_loss"]
    np.testing.assert_array_equal(stopped, patient[: len(stopped)])
