"""How often each of many looks."""

from pages.state.tick import CROWDED_SECONDS, FEW, MANY, TICK_SECONDS, Audience


def test_of_a_crowd_each_looks_less_often_and_those_who_left_are_forgotten():
    now = 0.0
    audience = Audience(lambda: now)
    assert {audience.seconds_to_next_look(str(who)) for who in range(MANY - 1)} == {TICK_SECONDS}
    assert audience.seconds_to_next_look("0") == TICK_SECONDS
    assert audience.seconds_to_next_look("another") == CROWDED_SECONDS
    assert audience.seconds_to_next_look("0") == CROWDED_SECONDS
    now = 4.0
    assert {audience.seconds_to_next_look(str(who)) for who in range(FEW)} == {CROWDED_SECONDS}
    now = 6.0
    # the others came last six seconds ago; a few less than many are no reason to change at once
    assert audience.seconds_to_next_look("0") == CROWDED_SECONDS
    now = 8.5
    assert {audience.seconds_to_next_look(str(who)) for who in range(FEW - 2)} == {CROWDED_SECONDS}
    now = 9.5
    assert audience.seconds_to_next_look("0") == TICK_SECONDS
