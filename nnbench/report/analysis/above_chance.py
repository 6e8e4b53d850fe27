"""Values whose test score is not above that of a constant prediction."""

import numpy as np

from nnbench.report.compare.chance import chance_of
from nnbench.report.compare.group import Group
from nnbench.report.statistics import estimate


def is_above_chance(group: Group) -> bool | None:
    """True if the test score is above chance level; None where that level is not known.

    The 95% interval of the mean decides, or the mean where there is none. Where runs diverged or
    failed it is the median, with those as the worst.
    """
    chance = chance_of(group.runs, group.metric)
    if np.isnan(chance):
        return None
    if group.lost:
        return group.median("test") > chance
    return estimate(group.scores("test"), group.metric.within).bounds[0] > chance
