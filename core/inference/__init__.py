"""Inference without TensorFlow: a run's network in LiteRT with the weights of any epoch."""

from core.inference.classifier import Classifier, Epoch, load

__all__ = ["Classifier", "Epoch", "load"]
