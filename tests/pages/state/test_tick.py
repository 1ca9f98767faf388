"""The refresh interval of many watchers, and what a refresh leaves on the page."""

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest

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


def test_a_tick_from_before_a_rerun_drops_nothing_of_what_the_rerun_drew(monkeypatch):
    messages = []
    monkeypatch.setattr(ForwardMsgQueue, "_before_enqueue_msg", messages.append)
    page = AppTest.from_function(_page, default_timeout=20).run()
    (tick,) = [message.auto_rerun.fragment_id for message in messages if message.HasField("auto_rerun")]
    messages.clear()
    page.run()

    # as on a busy server, which has sent nothing yet
    unsent = ForwardMsgQueue()
    for message in list(messages):
        unsent.enqueue(message)
    unsent.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[tick])

    assert "drawn" in [message.delta.new_element.markdown.body for message in unsent.flush()]


def _page():
    import streamlit as st

    from pages.state.tick import ticking

    ticking(st.markdown, 1.0)("drawn")
