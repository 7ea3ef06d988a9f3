package io.textloom.token;

/** A tokenizer file that cannot be read, or a text it fails on. */
public final class TokenizerException extends RuntimeException {
    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
