"""Trained networks in MLflow: models that it can serve, tied to the run that made them."""

import shutil
import tempfile
import warnings
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from mlflow.entities import LoggedModelOutput, Metric, Run
from mlflow.models import Model, infer_signature

from nnbench._version import __version__
from nnbench.assembly import predictor
from nnbench.assembly.predictor import Trained
from nnbench.track import metrics_and_tags
from nnbench.track.entities import params as as_params
from nnbench.track.files import files_of
from nnbench.track.inputs import inputs
from nnbench.track.run_entry import Entry
from nnbench.track.store import Store

NAME = "model"
TRAINED = "trained"
"""The directory within a model that holds what `Trained.save` writes."""


def log_model(store: Store, run_id: str, entry: Entry, network: Trained) -> None:
    """Keep the network of a run, with its settings, scores and data.

    Raises one of `failures()` if the store fails.

    It is a model "from code": the file `served.py`, and weights and configuration as plain files,
    of which nothing is unpickled.
    """
    client = store.client
    # Its columns and their kinds need no network, which may be a user's class.
    outputs = np.zeros((len(network.example), network.outputs), network.config.dtype)
    with tempfile.TemporaryDirectory() as name:
        files, model_directory = Path(name, TRAINED), Path(name, "made")
        files.mkdir()
        network.save(files)
        experiment_id = client.get_run(run_id).info.experiment_id
        params = {param.key: param.value for param in as_params(entry.own_params)}
        model = client.create_logged_model(experiment_id, NAME, source_run_id=run_id, params=params)
        with warnings.catch_warnings():
            # Hints on types and signatures, for callers that leave them out.
            warnings.simplefilter("ignore", UserWarning)
            mlflow.pyfunc.save_model(
                path=model_directory,
                python_model=str(Path(__file__).with_name("served.py")),
                artifacts={TRAINED: str(files)},
                mlflow_model=Model(run_id=run_id, model_id=model.model_id),
                signature=infer_signature(network.example, pd.DataFrame(network.named(outputs))),
                input_example=network.example,
                pip_requirements=[f"nnbench=={__version__}"],
            )
        with files_of(store, model.artifact_location).written() as directory:
            shutil.copytree(model_directory, directory, dirs_exist_ok=True)
        client.finalize_logged_model(model.model_id, "READY")
        client.log_batch(run_id, metrics=scores_of(entry, run_id, model.model_id))
        # Last, since a run has a model once it says so.
        client.log_outputs(run_id, [LoggedModelOutput(model.model_id, 0)])


def scores_of(entry: Entry, run_id: str, model_id: str) -> list[Metric]:
    """The final metrics of a run as those of its model, on the set that each is measured on."""
    sets = {tracked.tags[0].value: tracked.dataset for tracked in inputs(entry.data)}
    scores = []
    for metric in metrics_and_tags.final_metrics(entry.result, entry.ended):
        words = metric.key.removeprefix("best_").replace("train_", "training_")
        data = sets.get(words.partition("_")[0])
        name, digest = (data.name, data.digest) if data else (None, None)
        scores.append(
            Metric(metric.key, metric.value, entry.ended, 0, model_id, name, digest, run_id)
        )
    return scores


def model_of(run: Run) -> str:
    """Id of the model that is kept with a run, or nothing."""
    models = run.outputs.model_outputs if run.outputs else []
    return str(models[0].model_id) if models else ""


def load_model(store: Store, model_id: str) -> Trained:
    """The network that is kept as a model, of whose files only plain data are read.

    Raises one of `failures()` if reading fails; ConfigError if it names a target that isn't
    trusted.
    """
    location = store.client.get_logged_model(model_id).artifact_location
    with files_of(store, location).fetched(f"artifacts/{TRAINED}") as directory:
        return predictor.load(directory)
