package io.textloom.constrain;

/** A constraint that cannot be followed: not understood, impossible, or larger than the stated limits. Says what, where, and what to do. */
public class ConstraintException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ConstraintException(String message) {
        super(message);
    }

    public ConstraintException(String message, Throwable cause) {
        super(message, cause);
    }
}
