package io.liveprofile.expression;

/** An expression has no value for a record. Carries the expression and nothing of the record; cheap, without a trace. */
public final class ExpressionFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ExpressionFailedException(String expression) {
        super(expression, null, false, false);
    }
}
