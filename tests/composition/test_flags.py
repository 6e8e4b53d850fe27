import pytest

from nnbench.composition import flags
from nnbench.run.errors import ConfigError, UsageError

FINE = "nnbench: would train: all words are fine\n"


@pytest.mark.parametrize(
    "words",
    [
        ["-m", "depth=1,2", "seeds=1"],
        ["seeds=1", "-m", "depth=1,2"],
        ["depth=1,2", "seeds=1", "-m"],
        ["depth=1,2", "--multirun", "seeds=1", "--config-dir", "/", "width=4"],
        ["depth=1,2", "-m", "--", "seeds=1"],
    ],
)
def test_flags_stand_anywhere_among_the_settings(words, call):
    code, out, err = call(*words)
    assert (code, err) == (1, FINE)
    first, second = out.splitlines()
    assert first == "Preparing experiment nnbench …"
    assert second.startswith("With 1 seed and 1 comparison, no difference can be significant")
    actual = flags.parsed(words)
    assert actual.multirun
    assert {"depth=1,2", "seeds=1"} <= set(actual.overrides)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["depth=1", "--cfg", "job", "seeds=3"], "dataset:"),
        (["--cfg", "all", "--resolve"], "hydra:"),
        (["--cfg", "job", "depth=7", "--package", "depth"], "7"),
        (["depth=1", "--info", "searchpath", "width=2"], ""),
        (["--shell-completion", "install=bash"], "export _HYDRA_OLD_COMP"),
        (["--version"], "Hydra 1."),
        (["--hydra-help"], "Hydra (1."),
        (["depth=1", "-h"], "What is depth worth?"),
        (["verify", "--help"], "What is depth worth?"),
    ],
)
def test_what_flags_show(words, first, call):
    code, out, err = call(*words)
    assert (code, err) == (0, "")
    assert out.startswith(first)
    assert len(out) > 1


@pytest.mark.parametrize("flag", [["--cfg", "job"], ["--cfg", "all"], ["--info", "all"]])
def test_a_password_is_never_shown(flag, call):
    address = "tracking.uri='postgresql://me:pa55@w0rd@127.0.0.1/db?password=s3cret'"
    code, out, err = call(*flag, address)
    assert (code, err) == (0, "")
    assert "postgresql://me:***@127.0.0.1/db?password=***" in out
    assert "pa55" not in out
    assert "w0rd" not in out
    assert "s3cret" not in out


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["--nope"], 2, "unrecognized arguments: --nope; see --help"),
        (["depth=1", "-z", "lr=1"], 2, "unrecognized arguments: -z"),
        (["-depth=3"], 2, "unrecognized arguments: -depth=3"),
        (["-mdepth=1"], 2, "argument --multirun/-m: ignored explicit argument"),
        (["--cfg"], 2, "argument --cfg/-c: expected one argument"),
        (["--cfg", "nope"], 2, "argument --cfg/-c: invalid choice: 'nope'"),
        (["--info", "depth=1"], 2, "argument --info/-i: invalid choice"),
        (["--config"], 2, "ambiguous option: --config could match"),
        (["--nope" + "x" * 200], 2, "unrecognized arguments: --nopexxx"),
        (["--config-name", "nope"], 1, "--config-name=nope: Cannot find primary config"),
        (["--config-path", "/nonexistent"], 1, "--config-path=/nonexistent: no such directory"),
        (["--config-path", "pkg://nope"], 1, "--config-path: Primary config module 'nope'"),
        (["--config-dir", "/nonexistent"], 1, "--config-dir=/nonexistent: no such directory"),
        (["--config-dir", "x" * 300], 1, f"--config-dir={'x' * 79}…: no such directory"),
        (["--experimental-rerun", "x"], 1, "--experimental-rerun=x: a pickle can execute"),
        (["--resolve"], 1, "command line: The --resolve flag can only be used"),
        (["--run", "-m", "depth=1,2"], 1, "command line: Only one of --run, --multirun"),
        (["--shell-completion"], 1, "command line: Expecting one subcommand"),
        (["--shell-completion", "query=bash"], 1, "command line: 'COMP_LINE'"),
        (["--shell-completion", "install=x"], 1, "command line: No completion plugin for 'x'"),
        (["report", "-m", "experiment=x"], 2, "-m: report takes no such flag"),
        (["verify", "optimizer=adam", "--cfg", "job"], 2, "--cfg: verify takes no such flag"),
        (["data", "--", "digits"], 2, "--: data takes no such flag"),
        (["inspect", "-x"], 2, "-x: inspect takes no such flag"),
        (["replay", "a", "--run"], 2, "--run: replay takes no such flag"),
        (["sync", "-m"], 2, "-m: sync takes no such flag"),
        (["ui", "--port", "3"], 2, "--port: ui takes no such flag"),
        (["replay", "a", "depth=4"], 1, "depth=4: has no effect on replay"),
        (["inspect", "a", "optimizer=sgd"], 1, "optimizer=sgd: has no effect on inspect"),
        (["ui", "+width=4"], 1, "width=4: has no effect on ui"),
        (["sync", "extra"], 1, "extra: sync takes tracking.… only, as key=value"),
        (["ui", "extra"], 1, "extra: ui takes tracking.… only, as key=value"),
        (["sync", "limits.hours=4"], 1, "limits.hours=4: has no effect on sync"),
    ],
)
def test_what_is_no_flag_is_one_line(words, code, line, call):
    exit_code, out, err = call(*words)
    assert (exit_code, out) == (code, "")
    assert err.startswith(f"nnbench: {line}")
    assert err.count("\n") == 1
    assert len(err) < 160


def test_hydra_never_prints_its_own_usage():
    with pytest.raises(UsageError):
        flags.parsed(["--nope"])


def test_inspect_takes_experiment_and_seed():
    flags.refuse_settings("inspect", ["experiment=moons", "seed=0", "tracking.uri=x"])
    with pytest.raises(ConfigError, match=r"^depth=3: has no effect on inspect"):
        flags.refuse_settings("inspect", ["experiment=moons", "depth=3"])
