package io.textloom.token.decode;

/**
 * Words with a space between them, continuations without their prefix.
 *
 * @param cleanup whether the space before punctuation and English contractions is taken out, token by token
 */
public record WordPieceDecoder(String prefix, boolean cleanup) implements Decoder {
    @Override
    public TokenSink onto(TokenSink next) {
        return new TokenSink() {
            private boolean first = true;

            @Override
            public void token(String token) {
                String text = token;
                if (!first) {
                    text = token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
                }
                first = false;
                next.token(cleanup ? cleaned(text) : text);
            }

            @Override
            public void end() {
                next.end();
            }
        };
    }

    private static String cleaned(String text) {
        if (text.indexOf(' ') < 0) {
            return text;
        }
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" do not", " don't")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }
}
