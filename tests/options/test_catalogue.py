from omegaconf import OmegaConf

import nnbench
from nnbench.composition import jobs
from nnbench.options import catalogue


def test_every_option_is_named_after_its_file_and_composes():
    for group in jobs.GROUPS:
        for file in sorted((catalogue.ROOT / "conf" / group).glob("*.yaml")):
            option = catalogue.option(group, file.stem)
            assert option.name == file.stem
            needed = [key for key, value in (option.options or {}).items() if value == "???"]
            if group != "tracking":
                given = [f"{group}.{key}=given" for key in needed]
                nnbench.compose([f"{group}={file.stem}", *given])


def test_every_optimizer_says_what_to_search_which_no_run_knows():
    for file in sorted((catalogue.ROOT / "conf" / "optimizer").glob("*.yaml")):
        written = OmegaConf.to_container(OmegaConf.load(file))
        low, high = written["search"]["lr"]
        assert low <= written["lr"] <= high, f"{file.stem} begins outside of its range"
        for key, (low, high) in written["search"].items():
            assert written[key] == 0 or low <= written[key] <= high, f"{file.stem}.{key}"
            for end in (low, high):
                nnbench.compose([f"optimizer={file.stem}", f"optimizer.{key}={end}"])
        config = nnbench.compose([f"optimizer={file.stem}"])
        assert not [key for key in config.flat() if "search" in key]
        assert config == nnbench.compose([f"optimizer={file.stem}", "optimizer.search.lr=[1,2]"])
        assert config == nnbench.compose([f"optimizer={file.stem}", "~optimizer.search"])


def test_a_class_of_the_users_own_goes_by_its_path_and_takes_what_it_has_use_for():
    config = nnbench.compose(["optimizer._target_=tests.options.test_catalogue.Own", "lr=0.5"])
    assert config.optimizer.name == "tests.options.test_catalogue.Own"
    assert config.optimizer.options == {"beta1": 0.9}
    assert config.lr == 0.5


class Own:
    def __init__(self, beta1):
        pass
