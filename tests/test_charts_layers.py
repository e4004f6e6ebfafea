"""Layers with one look become one, and what lies over what stays as it was."""

import pytest

from charts.layers import fewer


def layer(name, kind="text", **mark):
    return {
        "mark": {"type": kind, **mark},
        "transform": [{"filter": f"datum.layer === '{name}'"}],
    }


def names(layers):
    return [
        "+".join(part.split("'")[1] for part in one["transform"][0]["filter"].split(" || "))
        for one in layers
    ]


def halo(name):
    return layer(name, stroke="white")


def hover(name):
    return layer(name, "point", opacity=0.0, tooltip="tip")


def test_labels_share_a_layer_over_the_halos_of_all_of_them():
    drawn = [halo("a"), layer("a"), halo("b"), layer("b"), layer("c", color="red")]
    found = fewer(drawn)
    assert names(found) == ["a+b", "a+b", "c"]
    assert "stroke" in found[0]["mark"]
    assert "stroke" not in found[1]["mark"]


def test_unseen_points_share_one_layer_over_what_says_nothing():
    line = layer("now", "line")
    assert names(fewer([hover("a"), line, hover("b")])) == ["now", "a+b"]


@pytest.mark.parametrize(
    "between",
    [layer("dot", "point", tooltip="its own"), layer("bar", "rect", tooltip="its own")],
    ids=["a point", "a bar"],
)
def test_what_says_something_under_the_pointer_is_not_covered(between):
    assert names(fewer([hover("a"), between, hover("b")])) == ["a", *names([between]), "b"]


def test_lines_keep_apart_and_nothing_seen_changes_places():
    lines = [layer("a", "line"), layer("b", "line")]
    assert names(fewer(lines)) == ["a", "b"]
    bands = [layer("a", "rect"), layer("over", "line"), layer("b", "rect")]
    assert names(fewer(bands)) == ["a", "over", "b"]
    over = [layer("a"), layer("line", "line"), layer("b")]
    assert names(fewer(over)) == ["a", "line", "b"]


def test_nothing_is_lost_and_what_comes_in_is_left_as_it_was():
    drawn = [halo("a"), layer("a"), hover("x"), halo("b"), layer("b"), hover("y")]
    before = [dict(one) for one in drawn]
    found = fewer(drawn)
    assert sorted("+".join(names(found)).split("+")) == sorted(names(drawn))
    assert drawn == before
