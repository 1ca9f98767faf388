"""Keras's optimizers, each variable updated by the one kernel that TensorFlow has for it.

The same arithmetic, weights and state as Keras's own, which makes of it a dozen operations, each once through memory.
"""

from typing import Any

import keras
import tensorflow as tf


class RMSprop(keras.optimizers.RMSprop):
    """As Keras's without its momentum."""

    def build(self, variables: list[Any]) -> None:
        super().build(variables)
        # the kernel has a momentum and writes the step there, where it is of no use
        self._steps = [tf.Variable(tf.zeros(variable.shape), trainable=False) for variable in variables]

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        number = self._get_variable_index(variable)
        tf.raw_ops.ResourceApplyRMSProp(
            var=variable.handle,
            ms=self._velocities[number].value.handle,
            mom=self._steps[number].handle,
            lr=learning_rate,
            rho=self.rho,
            momentum=0.0,
            epsilon=self.epsilon,
            grad=gradient,
        )


class Adam(keras.optimizers.Adam):
    """As Keras's without AMSGrad."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        number = self._get_variable_index(variable)
        update = tf.cast(self.iterations + 1, tf.float32)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[number].value.handle,
            v=self._velocities[number].value.handle,
            beta1_power=self.beta_1**update,
            beta2_power=self.beta_2**update,
            lr=learning_rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )


class AdamW(Adam, keras.optimizers.AdamW):
    """As Keras's without AMSGrad."""


class SGD(keras.optimizers.SGD):
    """As Keras's without Nesterov's momentum."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        if not self.momentum:
            tf.raw_ops.ResourceApplyGradientDescent(var=variable.handle, alpha=learning_rate, delta=gradient)
            return
        tf.raw_ops.ResourceApplyKerasMomentum(
            var=variable.handle,
            accum=self.momentums[self._get_variable_index(variable)].value.handle,
            lr=learning_rate,
            grad=gradient,
            momentum=self.momentum,
        )
