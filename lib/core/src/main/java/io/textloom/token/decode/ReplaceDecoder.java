package io.textloom.token.decode;

import io.textloom.token.pattern.Matcher;
import io.textloom.token.pattern.Pattern;
import io.textloom.token.unicode.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * Every match in a token becomes a text.
 *
 * @param content what stands for a match
 */
public record ReplaceDecoder(Pattern pattern, String content) implements Decoder {
    @Override
    public TokenSink onto(TokenSink next) {
        Matcher matcher = pattern.matcher();
        return new TokenSink() {
            @Override
            public void token(String token) {
                next.token(replaced(token, matcher));
            }

            @Override
            public void end() {
                next.end();
            }
        };
    }

    private String replaced(String token, Matcher matcher) {
        byte[] text = token.getBytes(StandardCharsets.UTF_8);
        StringBuilder replaced = new StringBuilder();
        int copied = 0;
        for (int at = 0; at < text.length; ) {
            int end = matcher.end(text, at, text.length);
            if (end < 0) {
                at += Utf8.length(text[at]);
            } else {
                replaced.append(new String(text, copied, at - copied, StandardCharsets.UTF_8))
                        .append(content);
                copied = end;
                at = end;
            }
        }
        return copied == 0
                ? token
                : replaced.append(new String(text, copied, text.length - copied, StandardCharsets.UTF_8))
                        .toString();
    }
}
