"""Valid settings, and the errors for invalid ones."""

import re
from typing import get_type_hints

import pytest
from omegaconf import OmegaConf

import nnbench
from nnbench.assembly import checks, settle
from nnbench.commands.help import MEANINGS
from nnbench.composition import jobs
from nnbench.composition.expansion import limits_of
from nnbench.options import catalogue, components
from nnbench.options.overrides import override
from nnbench.options.quoting import quoted
from nnbench.run.config import Limits
from nnbench.run.errors import ConfigError, InvalidRunError
from nnbench.system.limits import LimitError
from tests.build_small import run

BAD = [
    # words, the beginning of the one line, and something it must name
    (["depth=-1"], "depth=-1", "0 or more"),
    (["depth=2.5"], "depth=2.5", "whole number"),
    (["depth=abc"], "depth=abc", "whole number"),
    (["width=0"], "width=0", "1 or more"),
    (["lr=-1"], "lr=-1", "above 0"),
    (["lr=0"], "lr=0", "above 0"),
    (["lr=nan"], "lr=nan", "finite"),
    (["lr=inf"], "lr=inf", "finite"),
    (["weight_decay=-1"], "weight_decay=-1", "0 or more"),
    (["epochs=0"], "epochs=0", "1 or more"),
    (["batch_size=0"], "batch_size=0", "full"),
    (["batch_size=some"], "batch_size=some", "full"),
    (["batch_size=2.5"], "batch_size=2.5", "full"),
    (["patience=0"], "patience=0", "null"),
    (
        [f"patience={10**18 + 1}"],
        f"patience={10**18 + 1}",
        "must be at most 1,000,000,000,000,000,000",
    ),
    (["batch_size=1" + "0" * 400], "batch_size=1000", "must be at most 1,000,000,000,000,000,000"),
    ([f"seed={10**18 + 1}"], f"seed={10**18 + 1}", "must be at most 1,000,000,000,000,000,000"),
    (["seeds=0"], "seeds=0", "1 or more"),
    (["seed=-1"], "seed=-1", "0 or more"),
    (["jobs=0"], "jobs=0", "1 or more"),
    (["dtype=float16"], "dtype=float16", "float32 or float64"),
    (["test_size=0.9"], "test_size=0.9", "validation_size=0.1"),
    (["validation_size=0.9"], "validation_size=0.9", "together with test_size=0.2"),
    (["lr=1e-400"], "lr=1e-400", "1e-400 is beyond the range of floating-point numbers"),
    (["clip_norm=1.5e999"], "clip_norm=1.5e999", "1.5e999 is beyond the range"),
    (["params=5000", "width=32"], "width=32", "params=5000 solves for the width; set one of the"),
    (["width=32", "macs=5000"], "width=32", "macs=5000 solves for the width; set one of the"),
    (["foo=1"], "foo=1", "no such key; --help and conf/README.md list all keys"),
    (["report=maybe"], "report=maybe", "true or false"),
    (["quick=maybe"], "quick=maybe", "true or false"),
    (["formats=[gif]"], "formats=[gif]: must be a ", "list of svg, png, pdf (charts), csv, latex"),
    (["formats=pdf"], "formats=pdf", "list of svg"),
    (["formats=[[svg]]"], "formats=[[svg]]: ", "list of svg"),
    (["equal_budgets=maybe"], "equal_budgets=maybe", "true or false"),
    (["metric=accuracy"], "metric=accuracy", "test_accuracy, test_r2, test_rmse, test_loss"),
    (["metric=test_f1"], "metric=test_f1", "null"),
    (["budget=money"], "budget=money", "one of steps, epochs, flops, seconds, params"),
    (["target=high"], "target=high", "finite number, or null"),
    (["target=inf"], "target=inf", "finite number, or null"),
    (["equivalence=-0.1"], "equivalence=-0.1", "from 0 to below 1"),
    (["equivalence=nan"], "equivalence=nan", "from 0 to below 1"),
    (["equivalence=null"], "equivalence=", "from 0 to below 1"),
    (["equivalence=5"], "equivalence=5", "from 0 to below 1"),
    (["sections.curves=null"], "sections.curves=null", "needs a plus: +sections.curves=null"),
    (["compare=[depth,lr,width]"], "compare=", "a key, a list of two different keys, or null"),
    (["compare=[depth,depth]"], "compare=", "a list of two"),
    (["compare=[]"], "compare=", "a list of two"),
    (["compare=3"], "compare=3", "a key, a list of two"),
    (["compare={a: 1}"], "compare=", "a key, a list of two"),
    (["where=depth"], "where=depth", "a mapping from keys to values"),
    (["where=[depth]"], "where=", "a mapping from keys to values"),
    (["where={depth: []}"], "where=", "a mapping from keys to values"),
    (["where={depth: {a: 1}}"], "where=", "a mapping from keys to values"),
    (["reference={a: 1}"], "reference=", "a value of the compared key, or null"),
    (["reference=[]"], "reference=", "a value of the compared key, or null"),
    (["sections=curves"], "sections=curves", "mapping"),
    (["sections=null"], "sections=", "mapping"),
    (["experiment=a/b"], "experiment=a/b", "without /"),
    ([f"title={'x' * 201}"], "title=xxx", "200 characters"),
    (["experiment=.."], "experiment=..", "other than"),
    ([f"experiment={'x' * 201}"], "experiment=xxx", "200 bytes"),
    (["optimizer=adm"], "optimizer=adm", "did you mean adam?"),
    (["dataset=nope"], "dataset=nope", "digits"),
    (["activation=rellu"], "activation=rellu", "did you mean relu?"),
    (["schedule=cosin"], "schedule=cosin", "did you mean cosine?"),
    (["depht=3"], "depht=3", "did you mean depth?"),
    (["+foo=1"], "foo=1", "no such key; --help and conf/README.md list all keys"),
    (["depth=1,2"], "depth=1,2", "-m"),
    (["sweeps=depth"], "sweeps=depth", "+sweeps=depth"),
    (["+sweep=depth"], "sweep=depth", "no such key; did you mean +sweeps?"),
    (["experiment=it's mine"], "experiment=it's mine", "quoted for the shell"),
    (["compare=[depth"], "compare=[depth", "a bracket is not closed"),
    (["where={depth: [1, 3}"], "where={depth: [1, 3}", "a bracket is not closed"),
    (["dataset.target=größe"], "dataset.target=größe", "no such option"),
    (["dataset.drop=[größe,b]"], "dataset.drop=[größe,b]", "no such option"),
    (["optimizer=null"], "optimizer=null", "must be one of adabelief"),
    (["lr=???"], "lr=", "must have a value"),
    (["~depth"], "~depth", "must have a value"),
    (["dropout=1"], "dropout=1", "below 1"),
    (["clip_norm=0"], "clip_norm=0", "above 0"),
    (["clip_value=-1"], "clip_value=-1", "above 0"),
    (["l1=-1"], "l1=-1", "0 or more"),
    (["norm=batch", "norm.momentum=0"], "norm.momentum=0", "above 0"),
    (["wrapper=lookahead", "wrapper.period=2.5"], "wrapper.period=2.5", "whole number"),
    (["average=ema", "average.decay=1"], "average.decay=1", "below 1"),
    (["optimizer.lr=-1"], "optimizer.lr=-1", "above 0"),
    (["optimizer.lr=abc"], "optimizer.lr=abc", "above 0"),
    (["optimizer.lr=null"], "optimizer.lr=null", "above 0"),
    (["optimizer=adamw", "optimizer.weight_decay=-1"], "optimizer.weight_decay=-1", "0 or more"),
    (["optimizer.beta1=abc"], "optimizer.beta1=abc", "must be a number"),
    (["optimizer.beta1=1.5"], "optimizer.beta1=1.5", "below 1"),
    (["optimizer.beta1='a\nb'"], "optimizer.beta1=a b", "must be a number"),
    (["optimizer.beta2=0.99999999"], "optimizer.beta2=1.0", "below 1 in float32"),
    (["optimizer=momentum", "optimizer.momentum=-0.1"], "optimizer.momentum=-0.1", "from 0"),
    (["optimizer.epsilon=0"], "optimizer.epsilon=0.0", "above 0"),
    (["optimizer=rprop", "optimizer.smallest=100"], "optimizer.largest=50.0", "smallest"),
    (["optimizer.beta3=1"], "optimizer.beta3=1", "did you mean optimizer.beta2"),
    (["+optimizer.beta3=1"], "optimizer.beta3=1", "conf/optimizer"),
    (["loss=mse", "+loss.delta=1"], "loss.delta=1", "conf/loss"),
    (["+dataset.samples=1"], "dataset.samples=1", "conf/dataset"),
    (["+model.layers=1"], "model.layers=1", "conf/model"),
    (["activation=leaky_relu", "activation.slope=2"], "activation.slope=2", "above 0 and below 1"),
    (["activation.init=hee"], "activation.init=hee", "did you mean he?"),
    (["init=he", "init.distribution=flat"], "init.distribution=flat", "uniform or normal"),
    (["loss=huber", "loss.delta=0"], "loss.delta=0", "above 0"),
    (["loss=cross_entropy", "loss.label_smoothing=1"], "loss.label_smoothing=1", "below 1"),
    (["schedule=cosine", "schedule.warmup=1"], "schedule.warmup=1", "to below 1"),
    (["schedule.warmup=1.5"], "schedule.warmup=1.5", "to below 1"),
    (["optimizer.search.lr=[0,1]"], "optimizer.search.lr=[0, 1]", "0 < low < high"),
    (["optimizer.search.lr=[1,0.1]"], "optimizer.search.lr=[1, 0.1]", "0 < low < high"),
    (["optimizer.search.lr=[0.1,.inf]"], "optimizer.search.lr=[0.1, ", "0 < low < high"),
    (["optimizer.search.lr=[1]"], "optimizer.search.lr=[1]", "[low, high]"),
    (["optimizer.search.lr=[a,b]"], "optimizer.search.lr=[a, b]", "[low, high]"),
    (["optimizer.search.lr=1"], "optimizer.search.lr=1", "[low, high]"),
    (["+optimizer.search.beta=[1,2]"], "optimizer.search.beta=[1, 2]", "conf/optimizer"),
    (["optimizer.search=wide"], "optimizer.search=wide", "[low, high]"),
    (["schedule=step", "schedule.factor=low"], "schedule.factor=low", "must be a number"),
    (["schedule=one_cycle", "schedule.peak=1"], "schedule.peak=1", "must be a share"),
    (
        ["schedule=multistep", "schedule.milestones=[0.6,0.3]"],
        "schedule.milestones=[0.6, 0.3]",
        "increasing",
    ),
    (["schedule=multistep", "schedule.milestones=0.6"], "schedule.milestones=0.6", "a list, each"),
    (["optimizer._target_=no.such.thing"], "optimizer._target_=no.such.thing", "not found"),
]


@pytest.mark.parametrize(("words", "start", "named"), BAD)
def test_bad_values_are_named_in_one_line(words, start, named):
    with pytest.raises(ConfigError) as caught:
        nnbench.compose(words)
    line = str(caught.value)
    assert line.startswith(start)
    assert named in line
    assert "\n" not in line


NUMBERS = [
    (group, file.stem, key)
    for group in jobs.GROUPS
    if group not in ("dataset", "launcher", "tracking")
    for file in sorted((catalogue.ROOT / "conf" / group).glob("*.yaml"))
    for key, value in (catalogue.option(group, file.stem).options or {}).items()
    if components.is_number(value)
]
BAD_NUMBERS = ("word", None, [0.1, 0.2], {"a": 0.1}, float("nan"), float("inf"), -1)
FINE = {
    ("prelu", "slope"): [-1],
    ("uniform", "low"): [-1],
    # Nothing stands for none.
    **{(name, "weight_decay"): [None] for _, name, key in NUMBERS if key == "weight_decay"},
}


@pytest.mark.parametrize(("group", "name", "key"), NUMBERS)
def test_every_number_of_a_component_is_checked(group, name, key):
    for value in BAD_NUMBERS:
        changes = {group: {key: value}}
        if value in FINE.get((name, key), []):
            checks.check(run(**{group: name}, changes=changes))
            continue
        with pytest.raises(InvalidRunError) as caught:
            checks.check(run(**{group: name}, changes=changes))
        line = str(caught.value)
        assert line.startswith(f"{group}.")
        assert f"{key}=" in line
        assert ": must be " in line
        assert "\n" not in line


@pytest.mark.parametrize("name", ["word", None, "auto", 7])
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_loss_that_a_task_cannot_have_is_named(task, name):
    config = run(loss="auto", changes={"loss": {task: name}})
    shown = "null" if name is None else name
    with pytest.raises(InvalidRunError, match=f"^loss.{task}={shown}: must be one of .*mse"):
        settle.settle_loss(config, task)


@pytest.mark.parametrize(
    ("word", "concerns_one_run"),
    [
        ("depth=-1", True),
        ("depth=abc", True),
        ("lr=inf", True),
        ("batch_size=2.5", True),
        ("optimizer.beta1=1", True),
        ("optimizer.lr=0", True),
        ("schedule.warmup=2", True),
        ("test_size=0.95", True),
        ("activation.init=hee", True),
        ("jobs=0", False),
        ("seeds=abc", False),
        ("experiment=a/b", False),
        ("depht=1", False),
        ("depth=1,2", False),
        ("optimizer=adm", False),
        ("optimizer.beta3=1", False),
        ("+optimizer.beta3=1", False),
        ("optimizer._target_=no.such.thing", False),
        ("optimizer.search.lr=[1,0]", False),
    ],
)
def test_errors_of_commands_and_of_runs_differ(word, concerns_one_run):
    with pytest.raises(ConfigError) as caught:
        nnbench.compose([word])
    assert isinstance(caught.value, InvalidRunError) == concerns_one_run


def test_error_of_a_users_class_names_valid_options():
    own = "optimizer._target_=tests.composition.test_jobs."
    with pytest.raises(InvalidRunError, match=r"^optimizer\.beta1=-1: -1 is too low$"):
        nnbench.compose([f"{own}Unclear", "optimizer.beta1=-1"])
    with pytest.raises(InvalidRunError, match=r"^optimizer\.beta1=null: must be a number$"):
        nnbench.compose([f"{own}Unclear", "optimizer.beta1=null"])
    with pytest.raises(InvalidRunError, match=r"^optimizer=tests\S*Unclear: not today$"):
        nnbench.compose([f"{own}Unclear", "optimizer.beta1=7"])
    with pytest.raises(InvalidRunError, match=r"^optimizer=tests\S*Unclear: OSError: no disk$"):
        nnbench.compose([f"{own}Unclear", "optimizer.beta1=8"])
    with pytest.raises(ConfigError, match=r"^optimizer\.mine=1: .*; \+optimizer\.mine=1 passes it"):
        nnbench.compose([f"{own}Unclear", "optimizer.mine=1"])


class Unclear:
    def __init__(self, beta1=0.9):
        if beta1 < 0:
            raise ValueError(f"beta1={round(float(beta1.item()))} is too low")
        if beta1 == 7:
            raise ValueError("not\ntoday")
        if beta1 == 8:
            raise OSError("no\ndisk")


def test_defaults_settle_what_they_stand_for():
    config = nnbench.compose([])
    assert (config.lr, config.weight_decay) == (0.001, 0.0)
    assert nnbench.compose(["optimizer=adamw"]).weight_decay == 0.01
    assert nnbench.compose(["optimizer=adamw", "weight_decay=0"]).weight_decay == 0
    assert nnbench.compose(["optimizer=sgd"]).lr == 0.1


@pytest.mark.parametrize(
    ("words", "name", "hidden"),
    [
        ([], "auto", "he"),
        (["activation=tanh"], "auto", "glorot"),
        (["activation=selu"], "auto", "lecun"),
        (["activation=selu", "init.hidden=orthogonal"], "auto", "orthogonal"),
        (["init=he"], "he", None),
        (["init=zeros"], "zeros", None),
    ],
)
def test_the_initialiser_of_hidden_layers_follows_the_activation(words, name, hidden):
    init = nnbench.compose(words).init
    assert (init.name, init.option("hidden")) == (name, hidden)


@pytest.mark.parametrize(
    ("words", "scale"),
    [
        (["residual=true"], "auto"),
        (["residual=true", "norm=layer"], 1.0),
        (["residual=true", "norm=batch", "residual_scale=0.5"], 0.5),
        (["residual=true", "residual_scale=1"], 1.0),
        ([], "auto"),
    ],
)
def test_scale_of_residual_branches(words, scale):
    config = nnbench.compose(words)
    assert config.residual_scale == scale
    assert type(config.residual_scale) is type(scale)
    assert nnbench.compose([*words, f"residual_scale={scale}"]) == config


@pytest.mark.parametrize("value", ["-1", "0", "nan", "inf", "yes", "true", "null", "[1]", "1e-400"])
def test_an_invalid_scale_is_named(value):
    with pytest.raises(ConfigError, match=re.escape("residual_scale=")) as error:
        nnbench.compose(["residual=true", f"residual_scale={value}"])
    assert "\n" not in str(error.value)
    if value != "1e-400":
        assert str(error.value).startswith(f"residual_scale={value}: must be ")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["init.hidden=hee"], "init.hidden=hee: did you mean he?"),
        (["init.hidden=auto"], "init.hidden=auto: "),
        (["init.hidden=7"], "init.hidden=7: "),
        (["activation.init=hee"], "activation.init=hee: did you mean he?"),
        (["init=he", "+init.hidden=he"], "init.hidden=he: he has no such option, see conf/init"),
    ],
)
def test_an_unknown_initialiser_of_hidden_layers_is_named(words, named):
    with pytest.raises(ConfigError, match=re.escape(named)) as error:
        nnbench.compose(words)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("task", "loss"), [("classification", "cross_entropy"), ("regression", "mse")]
)
def test_the_loss_follows_the_task_unless_chosen(task, loss):
    assert settle.settle_loss(nnbench.compose([]), task).loss.name == loss
    chosen = nnbench.compose(["loss=binary_cross_entropy"])
    assert settle.settle_loss(chosen, task) == chosen


def test_seeds_are_repeats_of_one_job():
    configs = nnbench.compose_all(["seed=7", "seeds=3"])
    assert [config.seed for config in configs] == [7, 8, 9]
    assert nnbench.compose(["seed=7", "seeds=3"]) == configs[0]


def test_quick_reduces_everything_under_its_own_name():
    words = ["seeds=20", "epochs=50", "optimizer=adam", "search=9", "experiment=trial"]
    usual, quick = (jobs.compose_job([*words, *more]) for more in ([], ["quick=true"]))

    assert (quick.sweep.experiment, quick.sweep.quick) == ("trial_quick", True)
    assert (quick.sweep.seeds, quick.sweep.search) == (6, 4)
    assert {config.epochs for config in quick.runs} == {5}
    assert (len(usual.runs), len(quick.runs)) == (180, 24)


def test_quick_never_makes_more_of_anything():
    words = ["seeds=2", "epochs=3", "quick=true"]
    job = jobs.compose_job(words)

    assert (job.sweep.seeds, job.sweep.search, job.runs[0].epochs) == (2, None, 3)


def test_what_a_report_is_asked_is_plain_data():
    words = ["compare=[depth,lr]", "where={dataset: [digits, wine], depth: 1}", "reference=[1,0.1]",
             "metric=test_loss", "budget=flops", "target=0.9", "equivalence=0.01",
             "equal_budgets=false", "+sections.curves=null"]  # fmt: skip
    sweep = jobs.compose_job(words).sweep

    assert sweep.compare == ["depth", "lr"]
    assert sweep.where == {"dataset": ["digits", "wine"], "depth": 1}
    assert sweep.reference == [1, 0.1]
    assert (sweep.metric, sweep.budget, sweep.target) == ("test_loss", "flops", 0.9)
    assert (sweep.equivalence, sweep.equal_budgets) == (0.01, False)
    assert sweep.sections == {"curves": None}
    assert {type(sweep.where), type(sweep.compare), type(sweep.sections)} == {dict, list}


def test_every_key_is_documented_and_checked():
    text = (catalogue.ROOT / "conf" / "config.yaml").read_text()
    for key in jobs.GROUPS:
        line, *_ = (line for line in text.splitlines() if line.startswith(f"  - {key}:"))
        assert "#" in line, f"{key} has no comment"
    assert set(jobs.ALLOWED) == set(MEANINGS) - set(get_type_hints(Limits))
    assert set(jobs.KEYS) == {*jobs.GROUPS, *jobs.ALLOWED}


def test_composing_leaves_program_that_uses_hydra_itself_alone(tmp_path):
    from hydra import compose, initialize_config_dir

    (tmp_path / "own.yaml").write_text("answer: 42\n")
    with initialize_config_dir(str(tmp_path), **jobs.VERSION_BASE):
        nnbench.compose(["depth=2"])
        assert compose("own").answer == 42


@pytest.mark.parametrize(
    "value", ["plain", "trial (1)", "a, b", "it's", "back\\slash", "\\'", "a=b", "üñ", "x/../y"]
)
def test_override_is_read_back_as_it_was(value):
    from hydra.core.override_parser.overrides_parser import OverridesParser

    (parsed,) = OverridesParser.create().parse_overrides([quoted(override("key", value))])
    assert str(parsed.value()) == value


@pytest.mark.parametrize("words", [["seeds=1000000000"], ["search=1000000000", "seeds=1"]])
def test_runs_are_counted_before_they_are_made(words):
    with pytest.raises(
        LimitError, match=rf"^{words[0]}: makes 1,000,000,000 runs, and the limit is 1,000,000;"
    ):
        jobs.compose_job(words)


@pytest.mark.parametrize(
    "swept",
    ["range(0,1e9)", "range(1000000000)", "shuffle(range(0,1e9))", "range(0,1,1e-9)",
     "range(1e9,0,-1)"],
)  # fmt: skip
def test_swept_values_are_counted_before_they_are_made(swept):
    with pytest.raises(LimitError) as refused:
        jobs.expand([f"depth={swept}", "lr=0.1,0.2"])
    assert str(refused.value).startswith(f"depth={swept}: makes 2,000,000,000 runs")


def test_products_of_ranges_are_counted_before_composing():
    with pytest.raises(LimitError, match=r"lr=range\(1,2000\): makes 1,999,000 runs"):
        jobs.expand(["depth=range(0,1000)", "lr=range(1,2000)"])
    assert len(jobs.expand(["depth=range(0,10,3)", "lr=range(1,2,0.3)", "seed=1,2"])) == 32
    assert len(jobs.expand(["optimizer=glob(s*)", "depth=range(3,0,-1)", "seeds=2"])) == 21


@pytest.mark.parametrize("ends", ["0,10,0", "0,inf", "0,nan", "0,1,nan"])
def test_a_range_without_an_end_is_refused(ends):
    with pytest.raises(ConfigError, match="must have finite ends and a nonzero step"):
        jobs.expand([f"lr=range({ends})"])


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ("limits.runs=abc", "limits.runs=abc: must be a number above 0"),
        ("limits.hours=null", "limits.hours=null: must be a number above 0"),
        ("limits.hours=0", "limits.hours=0: must be a number above 0"),
        ("limits.hours=true", "limits.hours=true: must be a number above 0"),
        ("limits.memory=-1", "limits.memory=-1: must be a number above 0, or null for the free"),
        ("limits.disk=many", "limits.disk=many: must be a number above 0, or null for the free"),
        ("+limits.cores=3", "limits.cores=3: did you mean hours?"),
        ("limits=null", "limits=null: must be a mapping"),
        ("plan=maybe", "plan=maybe: must be true or false"),
    ],
)
def test_limits_that_cannot_be_are_named(word, wrong):
    with pytest.raises(ConfigError) as refused:
        jobs.compose_job([word])
    assert str(refused.value).startswith(wrong)


def test_limits_are_set_singly_and_decide_no_key():
    job = jobs.compose_job(["limits.memory=2.5", "limits.runs=1e9", "seeds=2000000"])
    assert limits_of(job.sweep.limits) == Limits(1e9, 24, 2.5, None)
    assert job.seeds == range(2_000_000)
    assert job.settings == jobs.compose_job([]).settings


def test_an_option_as_value_names_the_right_way():
    settings = OmegaConf.create({**dict.fromkeys(jobs.KEYS), **{key: {} for key in jobs.GROUPS}})
    settings["schedule"] = "cosine"
    with pytest.raises(ConfigError) as error:
        jobs.plain(settings)
    assert str(error.value) == (
        "schedule=cosine: in a file, an option is chosen by defaults: [override /schedule: NAME]"
    )


@pytest.mark.parametrize(
    ("variable", "words", "name"),
    [
        (None, [], "nnbench"),
        ("", [], "nnbench"),
        ("mine", [], "mine"),
        ("mine", ["experiment=typed"], "typed"),
        ("mine", ["experiment=null"], "mine"),
        ("mine", ["quick=true"], "mine_quick"),
        ("a/b", ["experiment=typed"], "typed"),
        ("12", [], "12"),
    ],
)
def test_experiment_is_typed_or_of_mlflows_variable(monkeypatch, variable, words, name):
    monkeypatch.delenv("MLFLOW_EXPERIMENT_NAME", raising=False)
    if variable is not None:
        monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", variable)
    assert jobs.compose_job(words).sweep.experiment == name


def test_bad_name_in_mlflows_variable_is_refused(monkeypatch):
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "a/b" * 100)
    with pytest.raises(
        ConfigError, match=r"^MLFLOW_EXPERIMENT_NAME=a/b.*: must be a name"
    ) as error:
        jobs.compose_job([])
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 250
