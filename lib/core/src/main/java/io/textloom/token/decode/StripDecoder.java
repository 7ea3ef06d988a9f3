package io.textloom.token.decode;

/**
 * A character goes at the ends of tokens, up to a number of times.
 *
 * @param content code point
 * @param start how often at the beginning
 * @param stop how often at the end
 */
public record StripDecoder(int content, int start, int stop) implements Decoder {
    @Override
    public TokenSink onto(TokenSink next) {
        return new TokenSink() {
            @Override
            public void token(String token) {
                int from = 0;
                for (int i = 0; i < start && from < token.length() && token.codePointAt(from) == content; i++) {
                    from += Character.charCount(content);
                }
                int to = token.length();
                for (int i = 0; i < stop && to > from && token.codePointBefore(to) == content; i++) {
                    to -= Character.charCount(content);
                }
                next.token(token.substring(from, to));
            }

            @Override
            public void end() {
                next.end();
            }
        };
    }
}
