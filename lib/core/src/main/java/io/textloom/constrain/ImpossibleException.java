package io.textloom.constrain;

/** A constraint that no text satisfies. */
final class ImpossibleException extends ConstraintException {
    private static final long serialVersionUID = 1L;

    ImpossibleException(String message) {
        super(message);
    }
}
