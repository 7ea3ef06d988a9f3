package io.textloom.generate;

import io.textloom.token.SpecialTokens;
import io.textloom.token.StreamDecoder;
import io.textloom.token.TokenEncoder;
import io.textloom.token.Tokenizer;
import io.textloom.token.file.Template;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Ids 0 to 255 are bytes; 256 is the special token that ends a text; 257 is "ab" and 258 is "z" with the first byte of "é". */
final class ToyTokenizer implements Tokenizer {
    static final int EOS = 256;
    static final int AB = 257;
    static final int Z_AND_HALF = 258;

    private final List<Integer> before;
    boolean closed;
    /** Thrown by the next decoding; null for none. */
    volatile Error failure;

    ToyTokenizer(Integer... before) {
        this.before = List.of(before);
    }

    @Override
    public int[] encode(String text) {
        if (text.contains("unreadable")) {
            throw new IllegalStateException("cannot read this");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bytes[i] & 0xff;
        }
        return ids;
    }

    @Override
    public TokenEncoder encoder() {
        throw new UnsupportedOperationException("texts are encoded one by one here");
    }

    @Override
    public StreamDecoder streamDecoder() {
        throw new UnsupportedOperationException("whole sequences are decoded here");
    }

    @Override
    public String decode(int[] ids, int from, int to) {
        Error thrown = failure;
        if (thrown != null) {
            failure = null;
            throw thrown;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = from; i < to; i++) {
            switch (ids[i]) {
                case EOS -> {}
                case AB -> bytes.writeBytes("ab".getBytes(StandardCharsets.UTF_8));
                case Z_AND_HALF -> bytes.writeBytes(new byte[] {'z', (byte) 0xc3});
                default -> bytes.write(ids[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public SpecialTokens specialTokens() {
        return new SpecialTokens(before, List.of());
    }

    @Override
    public Template template() {
        return Template.PLAIN;
    }

    @Override
    public int vocabularySize() {
        return 259;
    }

    @Override
    public void close() {
        closed = true;
    }
}
