"""What all visitors share."""

import threading

import streamlit as st


def watching():
    return [thread.name for thread in threading.enumerate()].count("queue")


def test_there_is_one_queue_at_a_time_however_often_the_caches_are_emptied(app):
    app()
    app("runs")
    assert watching() == 1
    st.cache_resource.clear()
    assert watching() == 0
    app()
    assert watching() == 1
