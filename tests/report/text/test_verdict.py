import numpy as np
import pandas as pd

from nnbench.report.text.verdict import MOST_PLACES, verdicts
from tests.report.runs import NOISE, depths, found, lost, run, table


def sentences(runs, compare="depth", **changes):
    return verdicts(found(runs, compare, **changes))


def on(runs, compare="depth", **changes):
    """What is said of single data sets."""
    return [s for s in sentences(runs, compare, **changes) if s.startswith("On ")]


def test_one_value_compares_nothing():
    (only,) = sentences(depths({3: [0.9, 0.8]}))

    assert only.startswith("These runs compare nothing: depth was 3 throughout. Give it several")
    (only,) = sentences(depths({1: [0.9, 0.8], 3: [0.9, 0.8]}), where={"depth": 3})
    assert only.endswith(" throughout. There may be others among the runs that where leaves out.")


def test_one_learning_rate_is_said_before_the_verdict():
    first, *_ = sentences(depths({1: np.full(6, 0.8), 3: 0.9 + NOISE}))

    assert first.startswith("These runs can't say which depth is best at its best")
    assert "one learning rate (0.001)" in first


def test_comparison_of_learning_rates_needs_no_such_word():
    rows = [run(s, lr=lr, test=lr + 0.01 * s) for lr in (0.1, 0.2) for s in range(6)]

    (only,) = sentences(table(*rows), "lr")

    assert "lr 0.2" in only


def test_many_data_sets_are_cut_short_and_counted():
    rows = [
        run(s, d, 0.5 + d / 10 * (i > 1) + NOISE[s % 6] / d, dataset=f"d{i}")
        for i in range(MOST_PLACES + 2) for d in (1, 3) for s in range(12)
    ]  # fmt: skip

    said = sentences(table(*rows))

    assert "The tables have d0 and d1, too." in said
    # Nothing was decided on the first two.
    told = [sentence.split(",")[0] for sentence in said if sentence.startswith("On ")]
    assert told == [f"On d{i}" for i in range(2, MOST_PLACES + 2)]


def test_too_few_seeds_for_so_many_comparisons_are_said_with_how_many_it_takes():
    rows = [run(s, d, 0.5 + d / 10 + NOISE[s] / d) for d in (1, 2, 3, 4, 5) for s in range(6)]

    said = " ".join(sentences(table(*rows)))

    # 2 / 64 times 4; eight agreeing seeds have 2 / 256, times 4 is 0.03.
    assert "6 seeds are too few for 4 comparisons at once" in said
    assert "p = 0.12 at best (Holm-corrected)" in said
    assert "8 seeds are the fewest" in said
    assert "beat" not in said


def test_overview_names_where_there_is_something_better_or_worse():
    effects = {"iris": 0.1, "wine": -0.1, "moons": 0.0}
    rows = [
        run(s, d, 0.5 + (d > 1) * effect + NOISE[s % 6] / d, dataset=name)
        for name, effect in effects.items() for d in (1, 3) for s in range(9)
    ]  # fmt: skip

    said = sentences(table(*rows))

    assert (
        "Of 3 data sets, depth 1 is beaten by another depth on 1 (iris), and beats one on 1 (wine)."
    ) in said


def test_overview_says_what_does_not_matter():
    rows = [
        run(s, d, 0.5 + (d > 1) * (effect + NOISE[s % 6] / 100), dataset=name)
        for name, effect in {"iris": 0.1, "wine": 0.002}.items() for d in (1, 3) for s in range(9)
    ]  # fmt: skip

    assert any(
        "depth 1 is beaten by another depth on 2 (iris; wine, by too little to matter), and" in said
        for said in sentences(table(*rows))
    )


def test_data_on_which_all_were_lost_count_nowhere():
    """Neither as a data set, nor as another comparison, nor in ranks."""
    rows = [run(s, d, 0.5 + d / 10 + NOISE[s] * d, dataset=name)
            for name in ("iris", "wine") for d in (1, 3) for s in range(6)]  # fmt: skip
    gone = [lost(s, d, "failed", "no such file", dataset="csv") for d in (1, 3) for s in range(6)]

    *first, last, troubles = sentences(table(*rows, *gone))
    assert first == sentences(table(*rows))
    assert last == "On csv, none of 12 compared runs came to anything; most often: no such file."
    assert troubles.startswith("12 runs of 36 diverged or failed")
    *_, last, _ = sentences(table(*rows, *gone[:6]))
    assert last == "On csv, none of 6 compared runs came to anything; most often: no such file."


def of_two():
    """Depth 1 and 3, on which sgd is the better by far only at depth 3."""
    merit = {(1, "adam"): 0.5, (1, "sgd"): 0.5, (3, "adam"): 0.8, (3, "sgd"): 0.9}
    return table(
        *(run(s, d, at + NOISE[s % 6] / d / (1 + (name == "sgd")), optimizer=name)
          for (d, name), at in merit.items() for s in range(12))
    )  # fmt: skip


def test_of_two_keys_the_second_is_compared_for_each_value_of_the_first():
    said = sentences(of_two(), ("depth", "optimizer"))

    assert any(s.startswith("Of 2 cases, adam is beaten by another optimizer on 1 (digits with "
                            "depth 3), and beats one on none.") for s in said)  # fmt: skip
    one, three = (s for s in said if s.startswith("On "))
    assert one.startswith("On digits with depth 1 at about 15 parameters, sgd does as well as")
    assert three.startswith("On digits with depth 3 at about 25 parameters, sgd beats adam by 9.99")


def test_of_two_keys_the_other_way_round():
    said = on(of_two(), ("optimizer", "depth"))

    assert [s.partition(" beats ")[0] for s in said] == [
        "On digits with adam, depth 3", "On digits with sgd, depth 3",
    ]  # fmt: skip


def test_one_reference_for_all_can_be_asked_for():
    said = " ".join(on(of_two(), ("depth", "optimizer"), reference=[1, "adam"]))

    assert "On digits with depth 1 at about 15 parameters, sgd does as well as adam" in said
    assert "On digits with adam, depth 3 beats depth 1 by 29.9" in said
    assert "On digits, depth 3 with sgd beats depth 1 with adam by 39.9" in said
    # Either key may be another there.
    both = pd.concat([of_two(), of_two().assign(dataset="wine", key=range(48))])
    overview = sentences(both, ("depth", "optimizer"), reference=[1, "adam"])
    assert any(
        "Of 2 data sets, depth 1 with adam is beaten by another combination of depth and optimizer "
        "on 2 (digits, wine), and" in said for said in overview
    )  # fmt: skip


def test_what_differed_as_well_is_said_before_the_verdict():
    rows = [run(s, d, d / 10 + NOISE[s] * d, epochs=d) for d in (1, 3) for s in range(6)]

    said = sentences(table(*rows))

    assert any("epochs differed along with depth" in sentence for sentence in said)


def test_nothing_finished_is_the_verdict():
    (only,) = sentences(table(*(lost(s, d) for s in range(6) for d in (1, 3))))

    assert only == (
        "Not one of 12 runs finished, so that there is nothing to compare; most often: "
        "train_loss exploded."
    )
    (silent,) = sentences(table(*(lost(s, d, reason="") for s in range(6) for d in (1, 3))))
    assert silent.endswith("so that there is nothing to compare.")
    (alone,) = sentences(table(*(lost(s, 1) for s in range(3))))
    assert alone.startswith("Not one of 3 runs finished")


def test_runs_that_were_left_out_may_have_finished():
    rows = [lost(s, d, lr=0.1) for s in range(6) for d in (1, 3)]
    rows += [run(s, d, lr=0.01) for s in range(2) for d in (1, 3)]

    said = sentences(table(*rows))
    assert not any("Not one of" in sentence for sentence in said)
    assert any("settings that lack seeds of others were left out" in sentence for sentence in said)


def test_runs_that_learnt_nothing_are_counted_up_front():
    rows = [run(s, d, 0.1, trouble="stalled", reason="stalled") for s in range(6) for d in (1, 3)]
    assert "12 runs of 12 stalled" in " ".join(sentences(table(*rows)))
    assert "6 runs of 6 stalled" in " ".join(sentences(table(*rows[::2])))


def test_data_with_a_single_value_are_named():
    rows = [run(s, d, 0.5 + NOISE[s] * d) for d in (1, 3) for s in range(6)]

    said = sentences(table(*rows, *(run(s, 3, dataset="iris") for s in range(6))))

    assert said[-1] == "On iris there is only depth 3, and nothing to compare."
    assert not any(each.startswith(("Of 2 data sets", "The table has")) for each in said)


def test_of_two_keys_a_single_second_value_is_named():
    rows = [run(s, d, 0.5 + NOISE[s] * d, optimizer="sgd") for d in (1, 3) for s in range(6)]
    rows += [run(s, 3, optimizer="adam") for s in range(6)]

    said = sentences(table(*rows), ["optimizer", "depth"])
    assert said[-1] == "On digits with adam there is only depth 3, and nothing to compare."


def test_values_that_each_stand_alone_are_not_said_to_be_the_same():
    rows = [run(s, d, dataset=name) for name, d in (("iris", 1), ("wine", 3)) for s in range(6)]

    assert sentences(table(*rows)) == [
        "These runs compare nothing: on none of their data is there a second depth beside the "
        "first.",
        "On iris there is only depth 1, and nothing to compare.",
        "On wine there is only depth 3, and nothing to compare.",
    ]


def test_too_few_seeds_of_one_value_are_no_word_against_all():
    rows = [run(s, d, 0.5 + d / 10 + NOISE[s % 6] * d) for d in (1, 2) for s in range(12)]
    rows += [run(s, d, 0.5 + NOISE[s] * d) for d in (3, 4) for s in range(6)]

    assert not any("too few" in sentence for sentence in sentences(table(*rows)))


def test_lost_runs_are_counted_and_whether_any_was_chosen():
    rows = [run(s, d, lr=lr) for d in (1, 3) for lr in (0.1, 0.2) for s in range(6)]
    rows += [lost(s, d, lr=1.0) for d in (1, 3) for s in range(6)]
    said = "12 runs of 36 diverged or failed, none of them at a chosen setting."
    assert sentences(table(*rows))[-1] == said
    rows = [*(run(s, 1) for s in range(6)), lost(0, 3), *(run(s, 3) for s in range(1, 6))]
    assert "1 run of 12 diverged or failed, 1 of them at" in sentences(table(*rows))[-1]


def test_values_that_were_tried_with_something_else_are_named_first():
    rows = [run(s, d, optimizer=name) for s in range(6)
            for name, depths in (("adam", (1, 2)), ("sgd", (3, 4))) for d in depths]  # fmt: skip
    assert any(s.startswith("Take care: not every optimizer had the same choice of depth (1 and 2")
               for s in sentences(table(*rows), "optimizer"))  # fmt: skip


def test_large_differences_that_are_not_claimed_have_their_figures():
    """Six pairs can't be told apart by four comparisons, whatever they are."""
    scores = {1: np.full(6, 0.8), 2: 0.1 + NOISE, 3: 0.9 + NOISE, 4: 0.1 + NOISE, 6: 0.1 + NOISE}
    (said,) = (s for s in sentences(depths(scores)) if "can't be told" in s)
    assert "depth 2, depth 3, depth 4 and depth 6 can't be told from depth 1: −69." in said
    assert "; +10." in said
    assert "points of test accuracy (95% intervals, 6 paired seeds); their intervals leave" in said
