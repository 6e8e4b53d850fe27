"""Words that Hydra, or nnbench, can't take: one line each that names the word as it was typed."""

import shlex

import pytest
from hydra.errors import MissingConfigException
from omegaconf import OmegaConf

from nnbench.composition.hydra_errors import explained
from nnbench.composition.jobs import plain
from nnbench.run.errors import LONGEST, ConfigError

FINE = "would train: all words are fine"

LINES = [
    # words as a shell has them, and the beginning of the line
    ("'depth=${oc.env:NNBENCH_HOME}'", "depth=here: must be a whole number, 0 or more"),
    ("'depth=${oc.env:NOPE}'", "depth=${oc.env:NOPE}: KeyError raised while resolving"),
    ("'depth=${nope}'", "depth=${nope}: Interpolation key 'nope' not found"),
    ("'depth=${depth}'", "depth=${depth}: Recursive interpolation"),
    ("'depth=${width}'", FINE),
    ("'lr=${nope}' depth=2", "lr=${nope}: Interpolation key"),
    ("'lr=${hydra:job.name}'", "lr=nnbench: must be a finite number above 0"),
    ("'lr=${bad:1}'", "lr=${bad:1}: Unsupported interpolation type bad"),
    ("'lr=${oc.decode:\"[1\"}'", "lr=${oc.decode:\"[1\"}: "),
    ("'residual=${width}'", "residual=64: must be true or false"),
    ("'optimizer=${nope}' depth=2", "optimizer=${nope}: must be one of ada"),
    ("'optimizer=${oc.env:NNBENCH_HOME}'", "optimizer=${oc.env:NNBENCH_HOME}: must be one of ada"),
    ("'optimizer.beta1=${nope}'", "optimizer.beta1=${nope}: Interpolation key"),
    ("'optimizer.beta1=${oc.env:NNBENCH_HOME}'", "optimizer.beta1=here: must be a number"),
    ("'where={depth: ${nope}}'", "where.depth=${nope}: Interpolation key"),
    ("'where={depth: [1, \"${nope}\"]}'", "where.depth[1]=${nope}: Interpolation key"),
    ("'tracking.uri=${nope}'", "tracking.uri=${nope}: Interpolation key"),
    ("-m depth=1,2 'lr=${nope}'", "lr=${nope}: Interpolation key"),
    ("-m 'limits=${nope}' depth=1,2", "limits=${nope}: Interpolation key"),
    ("'depth=${'", "depth=${: a bracket is not closed"),
    # Hydra's own settings.
    ("'hydra.sweeper.params={depth: 1}'", "hydra.sweeper.params={depth: 1}: invalid: Could "),
    ("hydra.sweeper.params.lr=1", "hydra.sweeper.params.lr=1: invalid: Could not override"),
    ("+hydra.sweeper.params.lr=1", "hydra.sweeper.params={'lr': 1}: several values need -m"),
    ("-m +hydra.sweeper.params.lr=1", FINE),
    ("-m +hydra.sweeper.params.lr=abc", "lr=abc: must be a finite number above 0"),
    ("-m hydra.sweeper.params=3", "hydra.sweeper.params=3: invalid"),
    ("-m hydra/launcher=nope", "hydra/launcher=nope: must be one of basic, "),
    ("-m hydra.launcher=null depth=1", "command line: Hydra launcher is not configured"),
    ("-m depth=1 hydra.launcher._target_=os.system", "hydra.launcher._target_=os.system: invalid"),
    ("hydra.run.dir=foo", "hydra.run.dir=foo: nnbench writes into the working directory"),
    ("hydra.run.dir=/proc/x", "hydra.run.dir=/proc/x: nnbench writes into the"),
    ("hydra.output_subdir=x", "hydra.output_subdir=x: nnbench writes into the"),
    ("hydra.foo=1", "hydra.foo=1: invalid: Could not override 'hydra.foo'"),
    ("hydra.mode=nope", "hydra.mode=nope: invalid"),
    ("-m hydra.mode=RUN depth=1,2", "hydra.mode=RUN: invalid: Running Hydra app with --mul"),
    ("hydra=1 depth=1", "hydra=1: invalid setting"),
    ("hydra.verbose=3", "hydra.verbose=3: invalid: "),
    ("'hydra.searchpath=[file:///nope]'", "hydra.searchpath=[file:///nope]: invalid: prov"),
    # Signs before keys.
    ("+depth=3", "+depth=3: depth exists; write depth=3"),
    ("+experiment=wine", "+experiment=wine: experiment exists; write experiment=wine"),
    ("+experiment=a,b", "+experiment=a,b: experiment exists; write experiment=a,b"),
    ("+lr=0.1", "+lr=0.1: lr exists; write lr=0.1"),
    ("+macs=3000", "+macs=3000: macs exists; write macs=3000"),
    ("-m depth=1 +width=3,4", "+width=3,4: width exists; write width=3,4"),
    ("+optimizer=sgd", "+optimizer=sgd: optimizer exists; write optimizer=sgd"),
    ("-m +optimizer=sgd,adam", "+optimizer=sgd,adam: optimizer exists; write optimizer=sgd,adam"),
    ("+optimizer.beta1=0.8", "+optimizer.beta1=0.8: optimizer.beta1 exists; write optimizer.beta1"),
    ("+hydra.job.name=x", "+hydra.job.name=x: hydra.job.name exists; write hydra.job.name=x"),
    ("++optimizer=sgd", "++optimizer=sgd: optimizer exists; write optimizer=sgd"),
    ("++depth=3", FINE),
    ("-m ++width=3", FINE),
    ("~depth", "~depth: depth must have a value; depth=VALUE changes it"),
    ("~width=64", "~width=64: width must have a value; width=VALUE changes it"),
    ("~optimizer", "~optimizer: optimizer must have a value; optimizer=VALUE changes it"),
    ("lr=1 ~nope depth=2", "~nope: no such key; --help and conf/README.md list all keys"),
    ("~optimizer=sgd", "~optimizer=sgd: optimizer must have a value"),
    ("~optimizer.beta1", FINE),
    ("++x=1", "x=1: no such key"),
    ("sweeps=depth", "sweeps=depth: needs one plus: +sweeps=depth"),
    ("+sweeps=nope", "+sweeps=nope: must be one of activations_by_depth"),
    ("+sweeps=null", "+sweeps=null: must be one of activations_by_depth"),
    ("++sweeps=nope", "++sweeps=nope: needs one plus: +sweeps=nope"),
    # Words that are none.
    ("''", "unknown command: (empty); must be one of data"),
    ("depth=1 ''", ": invalid setting; write key=value"),
    ("=3", "=3: invalid setting"),
    ("+=3", "+=3: invalid setting"),
    ("depth=1 width", "width: invalid setting"),
    ("depth=", "depth=: must be a whole number"),
    ("depth==3", "depth==3: invalid; quoted for the shell and for Hydra: \"depth='=3"),
    ("'depth=1 2'", "depth=1 2: must be a whole number"),
    ("'depth= 3 '", FINE),
    ("$'depth=1\\n2'", "depth=1 2: invalid; quoted for the shell"),
    ("-m depth=1,,3", "depth=1,,3: a value is missing before or after a comma"),
    ("-m depth=1,3,", "depth=1,3,: a value is missing before or after a comma"),
    ("compare=[,lr]", "compare=[,lr]: a value is missing before or after a comma"),
    ("$'depth\\n=1'", "'depth\\n'=1: no such key; did you mean depth?"),
    ("depth=１", "depth=１: must be a whole number"),
    ("lr=∞", "lr=∞: must be"),
    ("dépth=1", "dépth=1: no such key; did you mean depth?"),
    ("depth.x=1", "depth.x=1: depth has no options"),
    ("a.b.c=1", "a.b.c=1: no such key"),
    # Several values.
    ("depth=1,2 width=3", "depth=1,2: several values need -m"),
    ("-m experiment=größe,tiefe lr=∞", "lr=∞: must be"),
    ("experiment=größe,tiefe", "experiment=größe,tiefe: several values need -m"),
    ("optimizer=größe", "optimizer=größe: must be one of adabelief"),
    ("dataset.größe=3", "dataset.größe=3: dataset has no such option; names of options are ASCII"),
    ("'depth=choice(1,2)' lr=1", "depth=choice(1,2): several values need -m"),
    ("'depth=range(1,3)'", "depth=range(1,3): several values need -m"),
    ("'lr=interval(0,1)'", "lr=interval(0,1): several values need -m"),
    ("'optimizer=glob(*)'", "optimizer=glob(*): several values need -m"),
    ("'depth=shuffle(1,2)'", "depth=shuffle(1,2): several values need -m"),
    ("'depth=sort(2,1)'", "depth=sort(2,1): several values need -m"),
    ("-m 'lr=interval(0,1)'", "lr=interval(0,1): needs a sweeper that samples intervals"),
    ("-m 'depth=range(5,1)'", "depth=range(5,1): contains no values"),
    ("-m 'optimizer=glob(zz*)'", "optimizer=glob(zz*): contains no values"),
    ("-m optimizer=adam,null", "optimizer=adam,null: did you mean"),
    # Files of groups.
    ("optimizer=null", "optimizer=null: must be one of adabelief"),
    ("'optimizer={}'", "optimizer={}: must be one of adabelief"),
    ("optimizer=", "optimizer=: must be one of adabelief"),
    ("optimizer=3", "optimizer=3: must be one of adabelief"),
    ("'dataset=[digits]'", "dataset=[digits]: did you mean digits?"),
    ("optimizer=/etc/passwd", "optimizer=/etc/passwd: must be one of adabelief"),
    ("optimizer=../config", "optimizer=../config: must be one of adabelief"),
    ("optimizer@foo=adam", "optimizer@foo=adam: no such key; did you mean optimizer?"),
    ("optimizer.name=../../x", "optimizer.name=../../x: this name is fixed"),
    ("+optimizer.name=x", "+optimizer.name=x: this name is fixed"),
    ("optimizer._target_=null", "optimizer._target_=null: must be a class or function"),
    ("dataset.train_row=5", "dataset.train_row=5: digits has no such option; did you mean "
     "dataset.train_rows?"),
    ("dataset=moons dataset.sample=5", "dataset.sample=5: moons has no such option; did you mean "
     "dataset.samples?"),
    ("residual_scale=0.1", "residual_scale=0.1: has no effect without residual=true"),
    ("-m residual_scale=1,0.1", "residual_scale=1: has no effect without residual=true"),
    ("+norm.x=1", "norm.x=1: none has no such option, see conf/norm"),
    ("+tracking.foo=1", "tracking.foo=1: mlflow has no such option"),
    ("sections=3", "sections=3: must be a mapping"),
    ("+sections.curves=true", "sections.curves=true: must be null"),
    # Kinds of values.
    ("residual=1000000000000000000", "residual=1000000000000000000: must be true or false"),
    ("residual=1", "residual=1: must be true or false"),
    ("residual=yes", "residual=yes: must be true or false"),
    ("tracking.model=1", "tracking.model=1: must be true or false"),
    ("tracking.uri=true", "tracking.uri=true: must be text or null"),
    ("tracking.ui_port=5e3", FINE),
    ("dataset=moons dataset.samples=true", "dataset.samples=true: must be a whole number"),
    ("dataset=moons dataset.samples=1e2", FINE),
    ("dataset=moons dataset.noise=nan", "dataset.noise=nan: must be a finite number"),
    ("model=rnn model.bidirectional=1", "model.bidirectional=1: must be true or false"),
    ("depth=3.0", FINE),
    ("depth=1e1", FINE),
    ("depth=1e400", "depth=1e400: 1e400 is beyond the range of floating-point numbers"),
    ("depth=true", "depth=true: must be a whole number"),
    ("'depth=[1,2]'", "depth=[1, 2]: must be a whole number"),
    ("'depth={a: 1}'", "depth={'a': 1}: must be a whole number"),
    ("width=nan", "width=nan: must be a whole number"),
    ("lr=true", "lr=true: must be a finite number above 0"),
    ("experiment=true", "experiment=true: must be a name"),
    (f"experiment={'x' * 999}", f"experiment={'x' * (LONGEST - 1)}…: must be a name"),
    (f"{'x' * 999}=1", f"{'x' * (LONGEST - 1)}…=1: "),
    (f"depth={'9' * 5000}", f"depth={'9' * (LONGEST - 1)}…: invalid: Exceeds the limit"),
    # Commands.
    ("report extra", "extra: invalid setting"),
    ("report depth", "depth: invalid setting"),
    ("report experiment=a,b", "experiment=a,b: several values need -m"),
    ("sync depth=-1", "depth=-1: has no effect on sync"),
    ("sync nope=1", "nope=1: no such key"),
    ("sync tracking.uri=3", "tracking.uri=3: must be sqlite:///FILE"),
    ("sync tracking=none", "tracking=none: there is no store to log to"),
    ("ui tracking=none", "tracking=none: there is no store to show"),
    ("ui tracking.ui_port=abc", "tracking.ui_port=abc: must be a whole number"),
    ("data ''", "data=: must be one of adding"),
    ("data digits extra", "extra: invalid setting"),
    ("data moons =3", "=3: invalid setting"),
    ("data moons samples=abc", "dataset.samples=abc: must be a whole number"),
    ("data moons ~samples", "dataset=moons: "),
    ("data csv path=häuser.csv", "dataset.target=???: must be set"),
    ("data csv 'target=Preis in €'", "dataset.path=???: must be set"),
    ("data moons name=x", "dataset.name=x: this name is fixed"),
    ("inspect a b", "inspect a b: must be followed by the id of one run: inspect RUN_ID"),
    ("inspect x depth=abc", "depth=abc: has no effect on inspect"),
    ("replay x 'tracking.uri=${nope}'", "tracking.uri=${nope}: Interpolation key"),
    ("replay ''", "tracking.uri=sqlite:///"),
    ("verify", "verify: must name a component: activation=…"),
    ("verify optimizer", "optimizer: invalid setting"),
    ("verify optimizer=adam,nope", "optimizer=nope: must be one of adabelief"),
    ("verify 'optimizer=glob(zz*)'", "optimizer=glob(zz*): contains no values"),
    ("verify optimizer=adam depth=abc", "depth=abc: must be a whole number"),
    ("verify dataset=csv", "dataset.path=???: must be set; conf/dataset/csv.yaml"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "line"), LINES, ids=[typed[:60] for typed, _ in LINES])
def test_every_invalid_word_is_one_line(typed, line, call, monkeypatch):
    monkeypatch.setenv("NNBENCH_HOME", "here")
    typed = typed.replace("$'", "'").replace("\\n", "\n")
    code, out, err = call(*shlex.split(typed))
    assert err.startswith(f"nnbench: {line}")
    assert err.count("\n") == 1
    assert out in ("", "Preparing experiment nnbench …\n", "Verifying …\n")
    assert code == (2 if "unknown command" in line else 1)


def test_what_is_not_the_readers_own_is_raised(monkeypatch, call):
    def broken(settings):
        raise KeyError("a mistake of ours")

    monkeypatch.setattr("nnbench.commands.train.single_job", broken)
    with pytest.raises(KeyError, match="a mistake of ours"):
        call("depth=1")


def test_a_traceback_can_be_asked_for(monkeypatch, call):
    from hydra.errors import HydraException

    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    with pytest.raises(HydraException):
        call("hydra.foo=1")


def test_sweep_file_that_is_no_yaml_is_named(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("# mine\nseeds 6\nepochs: 5\n")

    for words, key in ((["depth=1", "+sweeps=mine"], "+sweeps=mine"), (["depth=1"], "mine.yaml")):
        with pytest.raises(ConfigError) as error, explained(words):
            OmegaConf.load(file)
        # The reader in C says it otherwise than the one in Python.
        assert str(error.value).startswith(f"{key}: must be YAML; mapping values are not allowed ")
        assert str(error.value).endswith("in line 3 of mine.yaml")


def test_defaults_of_a_sweep_file_are_named():
    error = MissingConfigException("Could not find", missing_cfg_file="schedule/cosin")
    with (
        pytest.raises(ConfigError, match=r"^schedule=cosin: did you mean cosine"),
        explained(["+sweeps=mine"]),
    ):
        raise error


def test_sweep_file_of_no_package_is_told():
    with pytest.raises(ConfigError, match=r"^sweeps=.*first line .* must be # @package _global_$"):
        plain(OmegaConf.create({"sweeps": {"seeds": 6}}))
