package io.textloom.token.decode;

import io.textloom.token.vocabulary.ByteAlphabet;
import java.nio.charset.StandardCharsets;

/** Characters of the byte alphabet to bytes, and those to text; incomplete UTF-8 becomes U+FFFD. A token with other characters stands for itself. */
public final class ByteLevelDecoder implements Decoder {
    @Override
    public TokenSink onto(TokenSink next) {
        return new TokenSink() {
            private final Utf8Stream bytes = new Utf8Stream();

            @Override
            public void token(String token) {
                byte[] raw = ByteAlphabet.raw(token);
                next.token(bytes.append(raw != null ? raw : token.getBytes(StandardCharsets.UTF_8)));
            }

            @Override
            public void end() {
                next.token(bytes.end());
                next.end();
            }
        };
    }
}
