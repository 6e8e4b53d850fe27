from nnbench.report.text.comparison import settings_text


def test_settings_unlike_in_one_key_are_merged():
    rows = [{"depth": depth, "init": "zeros", "dataset": "digits"} for depth in (1, 3, 9)]
    assert settings_text(rows) == "depth 1, 3 and 9 with init zeros on digits"
    models = [{"model": "cnn", "dataset": name} for name in ("digits", "mnist1d")]
    assert settings_text(models) == "cnn on digits and mnist1d"
    assert settings_text([{"activation": "relu"}, {"activation": "gelu"}]) == "relu and gelu"


def test_settings_that_differ_in_more_stay_apart():
    rows = [{"depth": 1, "dataset": "iris"}, {"depth": 2, "dataset": "wine"}]
    assert settings_text(rows) == "depth 1 on iris and depth 2 on wine"
    more = [*rows, {"depth": 3, "dataset": "iris"}]
    assert settings_text(more) == "depth 1 and 3 on iris; depth 2 on wine"


def test_many_settings_are_counted():
    rows = [{"depth": depth, "dataset": f"d{depth}"} for depth in range(15)]
    assert settings_text(rows).endswith("depth 11 on d11 and 3 more")
