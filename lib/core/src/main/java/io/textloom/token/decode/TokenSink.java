package io.textloom.token.decode;

/** Takes the tokens of one sequence in order. Not safe for concurrent use. */
public interface TokenSink {
    void token(String token);

    /** No token follows; what was held back goes on. */
    void end();
}
