package io.liveprofile.model;

/** Non-linearity of the hidden layers. */
public enum Activation {
    /** max(0, x). */
    RELU,
    /** Hyperbolic tangent. */
    TANH,
    /** x above zero, exp(x) − 1 below (Clevert et al. 2016). */
    ELU,
    /** Scaled ELU that keeps mean 0 and variance 1 (Klambauer et al. 2017). */
    SELU
}
