"""What MLflow runs to serve a tracked model: raw inputs in, classes or targets out.

MLflow executes this file, which is kept with the model, wherever nnbench is installed.
"""

from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.pyfunc.model import PythonModel

from nnbench.trained import load


class Served(PythonModel):
    """A trained network as MLflow wants to have it."""

    def load_context(self, context: Any) -> None:
        self.trained = load(Path(context.artifacts["trained"]))

    # Without types of its arguments, in which MLflow would look for a signature.
    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]
        """One row an input (rows, *in_shape): what `Trained.predict` says of it."""
        return pd.DataFrame(self.trained.predict(model_input))


mlflow.models.set_model(Served())
