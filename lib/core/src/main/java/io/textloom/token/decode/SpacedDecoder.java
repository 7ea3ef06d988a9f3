package io.textloom.token.decode;

/** Tokens with a space between them: what the reference does where a file names no decoder. */
public final class SpacedDecoder implements Decoder {
    @Override
    public TokenSink onto(TokenSink next) {
        return new TokenSink() {
            private boolean first = true;

            @Override
            public void token(String token) {
                next.token(first ? token : " " + token);
                first = false;
            }

            @Override
            public void end() {
                next.end();
            }
        };
    }
}
