package io.textloom.token.decode;

/**
 * The same as {@link StripDecoder} where all tokens are one text: at its beginning and its end. Holds back what the end may take away.
 *
 * @param content code point
 * @param start how often at the beginning
 * @param stop how often at the end
 */
public record FusedStripDecoder(int content, int start, int stop) implements Decoder {
    @Override
    public TokenSink onto(TokenSink next) {
        return new TokenSink() {
            private int left = start;
            private String held = "";

            @Override
            public void token(String token) {
                int from = 0;
                while (left > 0 && from < token.length()) {
                    if (token.codePointAt(from) == content) {
                        from += Character.charCount(content);
                        left--;
                    } else {
                        left = 0;
                    }
                }
                String text = held + token.substring(from);
                int to = end(text);
                held = text.substring(to);
                next.token(text.substring(0, to));
            }

            @Override
            public void end() {
                next.end();
            }

            private int end(String text) {
                int to = text.length();
                for (int i = 0; i < stop && to > 0 && text.codePointBefore(to) == content; i++) {
                    to -= Character.charCount(content);
                }
                return to;
            }
        };
    }
}
