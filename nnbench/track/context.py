"""The context of a run as MLflow itself tracks it: user, source, and commit of the code."""

import os
from functools import cache

from mlflow.tracking.context.registry import resolve_tags
from mlflow.utils.git_utils import get_git_commit
from mlflow.utils.mlflow_tags import MLFLOW_GIT_COMMIT, MLFLOW_GIT_REPO_URL, MLFLOW_SOURCE_NAME

from nnbench.safety.redaction import redacted


@cache
def context_tags() -> dict[str, str]:
    """Tags by MLflow's own rules, and those of MLFLOW_RUN_CONTEXT.

    The commit is that of the main script's repository, which is nnbench's where it runs from a
    checkout; else that of the working directory's repository, where a user's own files are.
    """
    tags = {name: redacted(str(value)) for name, value in resolve_tags().items()}
    # An address may have a token in it that looks like the name of a user.
    tags.pop(MLFLOW_GIT_REPO_URL, None)
    commit = tags.get(MLFLOW_GIT_COMMIT) or get_git_commit(os.getcwd())
    return {**tags, MLFLOW_SOURCE_NAME: "nnbench"} | ({MLFLOW_GIT_COMMIT: commit} if commit else {})
