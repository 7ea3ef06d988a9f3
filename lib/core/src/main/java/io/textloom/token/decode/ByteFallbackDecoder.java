package io.textloom.token.decode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A run of tokens like {@code <0xE4>} becomes the text of its bytes, or U+FFFD for each if they are no UTF-8. The run is held back until it ends. */
public final class ByteFallbackDecoder implements Decoder {
    @Override
    public TokenSink onto(TokenSink next) {
        return new TokenSink() {
            private final ByteArrayOutputStream run = new ByteArrayOutputStream();

            @Override
            public void token(String token) {
                int b = value(token);
                if (b >= 0) {
                    run.write(b);
                } else {
                    flush();
                    next.token(token);
                }
            }

            @Override
            public void end() {
                flush();
                next.end();
            }

            private void flush() {
                if (run.size() == 0) {
                    return;
                }
                byte[] bytes = run.toByteArray();
                run.reset();
                try {
                    next.token(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
                } catch (CharacterCodingException e) {
                    for (int i = 0; i < bytes.length; i++) {
                        next.token("\ufffd");
                    }
                }
            }
        };
    }

    /** The byte of a token; -1 if it is another token. */
    private static int value(String token) {
        if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
            return -1;
        }
        int low = digit(token.charAt(4));
        int high = token.charAt(3) == '+' ? 0 : digit(token.charAt(3)); // as the reference reads numbers
        return low < 0 || high < 0 ? -1 : high << 4 | low;
    }

    private static int digit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }
}
