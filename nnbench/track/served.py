"""The code that MLflow runs to serve a tracked model: raw inputs in, classes or targets out.

MLflow executes this file, which is kept with the model, wherever nnbench is installed.
"""

from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow.pyfunc.model import PythonModel

from nnbench.trained import load


class Served(PythonModel):
    """A trained network as MLflow wants to have it."""

    def load_context(self, context: Any) -> None:
        self.trained = load(Path(context.artifacts["trained"]))

    def predict(
        self,
        context: Any,
        # Exactly so, since MLflow compares it and keeps what it knows.
        model_input: np.ndarray,
        params: dict[str, Any] | None = None,
    ) -> pd.DataFrame:
        """A row per input, (rows, *in_shape): what `Trained.predict` says of it."""
        return pd.DataFrame(self.trained.predict(model_input))


mlflow.models.set_model(Served())
