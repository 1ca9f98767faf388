"""The refresh interval of many watchers."""

from pages.state.tick import CROWDED_SECONDS, FEW, MANY, TICK_SECONDS, Audience


def test_a_crowd_refreshes_less_often_until_enough_have_left():
    now = 0.0
    audience = Audience(lambda: now)
    assert {audience.seconds_to_next_look(str(who)) for who in range(MANY - 1)} == {TICK_SECONDS}
    assert audience.seconds_to_next_look("0") == TICK_SECONDS
    assert audience.seconds_to_next_look("another") == CROWDED_SECONDS
    assert audience.seconds_to_next_look("0") == CROWDED_SECONDS
    now = 4.0
    assert {audience.seconds_to_next_look(str(who)) for who in range(FEW)} == {CROWDED_SECONDS}
    now = 6.0
    # the watchers from the start are gone after six seconds; FEW are still a crowd
    assert audience.seconds_to_next_look("0") == CROWDED_SECONDS
    now = 8.5
    assert {audience.seconds_to_next_look(str(who)) for who in range(FEW - 2)} == {CROWDED_SECONDS}
    now = 9.5
    assert audience.seconds_to_next_look("0") == TICK_SECONDS
