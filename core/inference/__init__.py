"""What a run's network answers, at any epoch, without TensorFlow: LiteRT with that epoch's weights."""

from core.inference.classifier import Classifier, Epoch, load

__all__ = ["Classifier", "Epoch", "load"]
