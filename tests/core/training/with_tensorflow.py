"""Imported by the process that training processes are forked from."""

import os

import core.training  # noqa: F401 configures Keras before it is imported
from core.training.worker import prepare

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
prepare()
