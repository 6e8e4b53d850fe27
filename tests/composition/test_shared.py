import pytest
from hydra import compose, initialize_config_dir
from hydra.errors import HydraException
from omegaconf.errors import OmegaConfBaseException

from nnbench.composition.jobs import VERSION_BASE, job_of, parse, plain, register
from nnbench.composition.shared import sharing
from nnbench.options import catalogue


@pytest.fixture
def composer():
    """Hydra's own way, and the words it was asked for."""
    register()
    asked = []

    def composed(words):
        asked.append(words)
        return compose("config", words)

    with initialize_config_dir(str(catalogue.ROOT / "conf"), **VERSION_BASE):
        yield composed, asked


JOBS = [
    [f"depth={depth}", f"lr={lr}", f"optimizer={optimizer}", f"+optimizer.{key}"]
    for optimizer, key in (("adam", "extra=1"), ("momentum", "extra=2"))
    for depth in (1, 2, 3)
    for lr in ("0.1", "null", "1e-3")
]


def test_shared_jobs_are_composed_as_by_hydra(composer):
    compose, asked = composer
    actual = list(map(sharing(compose), JOBS))
    assert len(asked) == 2
    assert actual == [plain(compose(words)) for words in JOBS]


@pytest.mark.parametrize(
    "jobs",
    [
        [["dataset=iris"], ["dataset=moons"], ["dataset=moons", "dataset.noise=0.5"]],
        [["experiment='a b'", "dataset.noise=1", "dataset=moons"], ["experiment=c"]],
        [["batch_size=full"], ["batch_size=8"], ["batch_size=16"]],
        [["optimizer.beta1=0.5"], ["optimizer.beta1=0.6"], ["~optimizer.beta2"]],
        [["width=${depth}", "depth=1"], ["width=${depth}", "depth=2"]],
        [["report=false", "patience=3"], ["report=true", "patience=null"]],
        [["schedule=multistep", f"schedule.milestones={m}"] for m in ("[0.5,0.7]", "[0.1]")],
    ],
)
def test_any_mixture_is_composed_as_by_hydra_itself(composer, jobs):
    compose, _ = composer
    cache = {}
    for words, settings in zip(jobs, map(sharing(compose), jobs), strict=True):
        assert job_of(settings, cache) == parse(compose(words))


def test_error_in_a_later_job_is_hydras(composer):
    compose, _ = composer
    with pytest.raises((HydraException, OmegaConfBaseException)):
        list(map(sharing(compose), [["optimizer.beta3=1"], ["optimizer.beta3=2"]]))
