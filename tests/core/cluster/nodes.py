"""Nodes of a Ray cluster on this machine, in a process of their own: `python nodes.py`.

Prints the cluster's address, then obeys one word a line: `add NAME CPUS`, `kill NAME`. Ends with its standard input.
"""

import os
import sys

from ray.cluster_utils import Cluster

MEGABYTES = 2**20


def main():
    # the server's machine, which trains nothing
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": 100 * MEGABYTES})
    print(cluster.address, flush=True)
    nodes = {}
    for line in sys.stdin:
        word, name, *cpus = line.split()
        if word == "add":
            environment = {**os.environ, "DIGIT_LAB_CACHE": os.environ["NODE_CACHE"].format(name)}
            nodes[name] = cluster.add_node(
                node_name=name, num_cpus=int(cpus[0]), memory=8 * 1024 * MEGABYTES, env_vars=environment
            )
        else:
            cluster.remove_node(nodes.pop(name), allow_graceful=False)
        print("done", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main()
