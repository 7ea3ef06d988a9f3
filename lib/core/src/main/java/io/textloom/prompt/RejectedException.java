package io.textloom.prompt;

import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;

/** Ends the making of one row's prompt. */
final class RejectedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final RejectCode code;

    RejectedException(RejectCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    Rejection rejection() {
        return new Rejection(code, String.valueOf(getMessage()));
    }
}
