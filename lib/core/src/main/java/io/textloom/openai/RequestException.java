package io.textloom.openai;

import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;

/** A request that cannot be answered; its message says which field, what was found and what was expected. */
public final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final RejectCode code;

    RequestException(RejectCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static RequestException of(String field, String found, String expected) {
        return new RequestException(RejectCode.INVALID_REQUEST, field + " is " + found + "; expected " + expected);
    }

    static RequestException refused(String field, String remedy) {
        return new RequestException(RejectCode.INVALID_REQUEST, field + " is not supported; " + remedy);
    }

    public Rejection rejection() {
        return new Rejection(code, String.valueOf(getMessage()));
    }
}
