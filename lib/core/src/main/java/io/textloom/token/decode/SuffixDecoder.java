package io.textloom.token.decode;

/**
 * The mark at the end of words becomes a space, after the last token nothing; so one token is held back. Source: {@code BPEDecoder} of tokenizers 0.23.3.
 *
 * @param suffix not empty
 */
public record SuffixDecoder(String suffix) implements Decoder {
    @Override
    public TokenSink onto(TokenSink next) {
        return new TokenSink() {
            private boolean any;
            private String held = "";

            @Override
            public void token(String token) {
                if (any) {
                    next.token(held.replace(suffix, " "));
                }
                any = true;
                held = token;
            }

            @Override
            public void end() {
                if (any) {
                    next.token(held.replace(suffix, ""));
                }
                next.end();
            }
        };
    }
}
