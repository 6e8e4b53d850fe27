"""Stored configurations name no code that the user has not named."""

import json
import re
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import yaml

import nnbench
from nnbench.assembly import build, predictor, settle
from nnbench.commands import inspect, replay
from nnbench.commands import sync as sync_command
from nnbench.options import catalogue, components, trust
from nnbench.run.config import GROUPS, Component, StoredTarget
from nnbench.run.errors import ConfigError, excerpt
from nnbench.run.stored_config import as_config
from nnbench.sweep.execute import Work, begin, execute
from nnbench.sweep.plan import run_key
from nnbench.sweep.pool import LocalPool
from nnbench.track.files import files_of
from nnbench.track.inputs import as_source
from nnbench.track.models import model_of
from nnbench.track.outbox import outbox_of
from nnbench.track.read_run import recall
from nnbench.track.run_entry import Entry
from nnbench.track.sync import SyncReport, sync
from nnbench.track.tracker import track_sweep
from tests.build_small import run

TRAP = "tests.traps.spring"
PLAIN = "tests.options.test_trust.Plain"


class Plain:
    """A user's gradient descent."""

    def init(self, params):
        return ()

    def step(self, params, state, rate, t):
        params.values -= rate * params.grads


@pytest.fixture(autouse=True)
def nothing_is_named(monkeypatch):
    """A process whose user has named nothing yet; at its end the trap must not be imported."""
    monkeypatch.setattr(trust, "NAMED", set())
    monkeypatch.delenv(trust.VARIABLE, raising=False)
    yield
    assert "tests.traps" not in sys.modules


def stored(config, group, target):
    """A configuration as it comes back from a store in which somebody has changed a target."""
    values = asdict(config)
    values[group]["target"] = target
    return as_config(json.loads(json.dumps(values)))


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(
    "target",
    [
        TRAP,
        "os.system",
        "os:system",
        "builtins.exec",
        "nnbench.optim.adam.sys.modules",
        "nnbench.options.components.sys.exit",
        "nnbench.data.bundled:load",
        " nnbench.optim.adam.Adam",
        "nnbench.optim.adam.Adam.__class__",
        "nnbench.optim.adam.np.load",
        "nnbench.assembly.build.dataset",
        "ｎnbench.optim.adam.Adam",
        "nnbench.report.sections.curves.make",
    ],
)
def test_unshipped_stored_target_is_refused_unseen(group, target):
    config = stored(run(), group, target)
    with pytest.raises(ConfigError) as refused:
        components.refuse_untrusted_run(config)
    message = str(refused.value)
    assert message.startswith(f"{group}._target_={excerpt(target)}: a store names it")
    is_path = ":" not in target and " " not in target
    assert (f"trust=[{target}] or NNBENCH_TRUST={target}" in message) == is_path
    assert "\n" not in message
    for use in (components.locate, components.make, components.unknown_options):
        with pytest.raises(ConfigError, match="a store names it"):
            use(group, getattr(config, group))


@pytest.mark.parametrize("group", GROUPS)
def test_target_of_one_group_fits_no_other(group):
    for other in {*GROUPS, "section"} - {group}:
        for target in trust.shipped(other) - trust.shipped(group):
            assert not trust.is_trusted(group, target)


@pytest.mark.parametrize("group", GROUPS)
def test_every_shipped_option_comes_back_from_a_store(group):
    for name in catalogue.names(group):
        component = catalogue.option(group, name)
        config = stored(run(), group, component.target)
        components.refuse_untrusted_run(config)
        if component.target:
            assert components.locate(group, getattr(config, group))


@pytest.mark.parametrize("target", [["os", "system"], 3, {"a": 1}, None])
def test_target_that_is_no_text_is_no_configuration(target):
    with pytest.raises(TypeError):
        stored(run(), "optimizer", target)


def test_store_mark_survives_copies_of_a_configuration():
    config = stored(run(), "optimizer", TRAP)
    assert config.optimizer.target == TRAP
    for copy in (
        replace(config, seed=3).optimizer,
        config.optimizer.without("beta1"),
        components.without_numbers(config.optimizer),
    ):
        assert isinstance(copy.target, StoredTarget)
    assert run_key(config, "x") == run_key(
        replace(config, optimizer=replace(config.optimizer, target=TRAP)), "x"
    )
    with pytest.raises(ConfigError, match="a store names it"):
        nnbench.train(config)


@pytest.mark.parametrize(
    "words",
    [[f"optimizer._target_={PLAIN}"], [f"trust=[{PLAIN}]"], [f"trust=[a.b,{PLAIN}]"], None],
)
def test_the_users_words_allow_it(words, monkeypatch):
    if words is None:
        monkeypatch.setenv(trust.VARIABLE, f"a.b, {PLAIN}")
    else:
        nnbench.compose(words)
    config = replace(run(), optimizer=Component(PLAIN, StoredTarget(PLAIN), {}))
    assert nnbench.train(config).status == "finished"
    with pytest.raises(ConfigError):
        components.refuse_untrusted_run(stored(run(), "optimizer", f"{PLAIN}s"))


def test_word_for_one_group_allows_nothing_in_another():
    nnbench.compose([f"optimizer._target_={PLAIN}"])
    with pytest.raises(ConfigError, match="a store names it"):
        components.locate("activation", stored(run(), "activation", PLAIN).activation)


@pytest.mark.parametrize("value", ["mypackage.X", "[1]", "[os:system]", "['a b']", "['']"])
def test_what_is_no_list_of_paths_is_refused(value):
    with pytest.raises(ConfigError, match=r"^trust=.*must be a list of import paths"):
        nnbench.compose([f"trust={value}"])


def test_trust_changes_no_key_of_a_run():
    plain, trusting = (nnbench.compose(words) for words in ([], [f"trust=[{PLAIN}]"]))
    assert run_key(plain, "x") == run_key(trusting, "x")


@pytest.fixture
def tracked(store):
    """A run with its model, in a store."""
    result = nnbench.train(run(epochs=2), weights=True)
    data = build.dataset(result.config.dataset)
    with track_sweep(store, "trial", {}, "") as tracker:
        key = run_key(result.config, data.fingerprint)
        run_id = tracker.log(result, key, data)
    trust.NAMED.clear()
    return recall(store, run_id)


def forge_configuration(store, tracked, group, target):
    """Change a target of a run in its store, and its key, which is a digest of what is known."""
    directory = files_of(store, tracked.artifacts).directory
    file = directory / "config.yaml"
    values = yaml.safe_load(file.read_text())
    values[group]["target"] = target
    file.write_text(yaml.safe_dump(values))
    key = run_key(as_config(values), tracked.data)
    store.client.set_tag(tracked.run_id, "nnbench.key", key)


def forge_model(store, tracked, target):
    """Change a target of the model that a run keeps; returns the directory of its files."""
    where = store.client.get_logged_model(tracked.model).artifact_location
    file = files_of(store, where).directory / "artifacts" / "trained" / "run.json"
    values = json.loads(file.read_text())
    values["config"]["activation"]["target"] = target
    file.write_text(json.dumps(values))
    return file.parent


@pytest.mark.parametrize("command", [replay, inspect])
@pytest.mark.parametrize("group", ["activation", "dataset", "optimizer"])
def test_a_forged_run_is_one_line(command, group, tracked, store, here):
    forge_configuration(store, tracked, group, TRAP)
    with pytest.raises(ConfigError, match=rf"^{group}._target_={TRAP}: a store names it"):
        command.run([tracked.run_id])
    assert not (here / "inspections").exists()


def test_yaml_of_a_run_makes_no_objects(tracked, store):
    directory = files_of(store, tracked.artifacts).directory
    (directory / "config.yaml").write_text("a: !!python/object/apply:tests.traps.spring []\n")
    with pytest.raises(ConfigError, match=r"^run=\w+: its files are damaged: config.yaml"):
        recall(store, tracked.run_id)


def test_a_forged_model_is_one_line(tracked, store, here):
    directory = forge_model(store, tracked, TRAP)
    with pytest.raises(ConfigError, match=rf"^activation._target_={TRAP}: a store names it"):
        inspect.run([tracked.run_id])
    with pytest.raises(ConfigError, match="NNBENCH_TRUST"):
        predictor.load(directory)
    assert not (here / "inspections").exists()


def test_inspecting_runs_no_code_of_the_models_own(tracked, store):
    directory = forge_model(store, tracked, "nnbench.engine.activations.Tanh").parents[1]
    for code in directory.rglob("*.py"):
        code.write_text("import tests.traps\n")
    (directory / "python_model.pkl").write_bytes(b"not a pickle")
    inspect.run([tracked.run_id])


@pytest.mark.parametrize("group", GROUPS)
def test_waiting_runs_are_logged_without_instantiation(group, store, here, capsys):
    result = nnbench.train(run(epochs=2), weights=True)
    data = build.dataset(result.config.dataset)
    model = predictor.from_weights(result.config, data, result.weights)
    config = stored(result.config, group, TRAP)
    result = replace(result, config=config, weights=None)
    model = replace(model, config=config)
    outbox_of(store.uri).put(Entry(result, "key", as_source(data), "trial", "a" * 32, model=model))
    trust.NAMED.clear()
    sync_command.run([])
    assert capsys.readouterr().out == "1 run logged, 0 left\n"
    experiment = store.client.get_experiment_by_name("trial").experiment_id
    (logged,) = store.client.search_runs([experiment])
    assert model_of(logged)
    assert sync(store) == SyncReport()
    with pytest.raises(ConfigError, match="a store names it"):
        replay.run([logged.info.run_id])


def test_workers_trust_what_their_parent_does():
    config = replace(run(), optimizer=Component("own", StoredTarget(PLAIN), {}))
    config = settle.settle_loss(config, "classification")
    data = build.dataset(config.dataset)

    def trained_by_a_worker():
        (((result,)),) = execute(begin([Work([config], data)], LocalPool(1)))
        return result

    result = trained_by_a_worker()
    assert result.status == "failed"
    assert "a store names it" in result.reason
    nnbench.compose([f"trust=[{PLAIN}]"])
    assert trained_by_a_worker().status == "finished"


def test_only_one_place_finds_code_by_its_name():
    package = Path(nnbench.__file__).parent
    names = [file.name for file in package.rglob("*.py") if "resolve_name" in file.read_text()]
    assert names == ["components.py"]
    doors = r"import (c?pickle|dill|joblib|marshal|shelve)|yaml\.(load\(|unsafe|full)"
    doors += r"|\b(eval|exec)\(|allow_pickle=True|pyfunc\.load_model"
    doors += r"|np\.load\((?!.*allow_pickle=False)"
    for file in package.rglob("*.py"):
        assert not re.search(doors, file.read_text()), file
