"""The nodes of the cluster: what runs where, what waits, and what is wrong."""

import time

import streamlit as st

from core import formatting as figures
from core.cluster.overview import ClusterOverview, NodeShown, Place
from core.queue.overview import Overview
from core.runs.entries import Run
from core.text import say
from pages.state.page_links import link_of, page_link
from pages.state.plain_text import plain_text
from pages.state.rights import is_owner
from pages.state.server_state import cluster_overview


def cluster(runs: Overview) -> None:
    """Draw it where runs train on a cluster; only the server's owner sees the nodes."""
    shown = cluster_overview()
    if shown is None:
        return
    if shown.full_since is not None and shown.problem is None:
        st.caption(say("cluster.full", time=_since(shown.full_since)))
    if not is_owner():
        return
    with st.container(key="cluster", gap="xsmall"):
        if shown.problem is not None:
            st.warning(plain_text(shown.problem), icon=":material/hub:")
        st.markdown(_nodes(shown))
        for node in shown.nodes:
            if node.problem is not None and node.problem != shown.problem:
                st.caption(plain_text(node.problem))
        for run in runs.active:
            if run.id in shown.places:
                page_link("run", _line(run, shown.places[run.id]), parameters=link_of(run))


def _nodes(shown: ClusterOverview) -> str:
    if not shown.nodes:
        return say("cluster.no_nodes")
    used = [place.node for place in shown.places.values()]
    nodes = [_node(node, used.count(node.name)) for node in shown.nodes]
    return say("cluster.title", nodes=" · ".join(nodes))


def _node(node: NodeShown, used: int) -> str:
    return say("cluster.node", name=plain_text(node.name, longest=40), used=used, slots=node.slots)


def _line(run: Run, place: Place) -> str:
    name = plain_text(run.short_name)
    if place.waits_since is not None:
        return say("cluster.place_waiting", name=name, time=_since(place.waits_since))
    return say("cluster.place", name=name, node=plain_text(place.node, longest=40))


def _since(moment: float) -> str:
    return figures.duration(max(0.0, time.time() - moment))
