package io.textloom.token.decode;

/**
 * A mark becomes a space; in the first token it may go. Source: {@code Metaspace} of tokenizers 0.23.3.
 *
 * @param mark one character
 * @param dropsFirst whether the marks of the first token go
 */
public record MarkDecoder(String mark, boolean dropsFirst) implements Decoder {
    @Override
    public TokenSink onto(TokenSink next) {
        return new TokenSink() {
            private boolean first = true;

            @Override
            public void token(String token) {
                next.token(token.replace(mark, first && dropsFirst ? "" : " "));
                first = false;
            }

            @Override
            public void end() {
                next.end();
            }
        };
    }
}
