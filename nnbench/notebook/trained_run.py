"""A trained run, which a notebook shows and which draws its learning curves."""

from typing import TYPE_CHECKING

from nnbench.run.result import RunResult

if TYPE_CHECKING:
    import altair as alt


class TrainedRun(RunResult):
    """The results of a run, with a display of their own."""

    # Charts take a second to load, which a program that draws none need not wait for.
    def plot(self) -> "alt.HConcatChart":
        """Learning curves of the training and the validation set, as an Altair chart.

        Raises ValueError for a run that left no curves.
        """
        from nnbench.notebook.run_page import plot

        return plot(self)

    def _repr_html_(self) -> str:
        from nnbench.notebook.run_page import run_page
        from nnbench.pages.notebook import in_notebook

        return in_notebook(run_page(self))
