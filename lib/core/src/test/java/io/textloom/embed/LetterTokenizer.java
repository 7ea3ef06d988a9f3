package io.textloom.embed;

import io.textloom.token.SpecialTokens;
import io.textloom.token.StreamDecoder;
import io.textloom.token.TokenEncoder;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokens;
import io.textloom.token.file.Template;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One id per character, but one for a space and the letter behind it; [CLS] = 1 and [SEP] = 2 around, if at all; fails on an exclamation mark. */
final class LetterTokenizer implements Tokenizer {
    private final SpecialTokens special;

    LetterTokenizer() {
        this(new SpecialTokens(List.of(1), List.of(2)));
    }

    LetterTokenizer(SpecialTokens special) {
        this.special = special;
    }

    static int id(int character) {
        return 3 + character % 40;
    }

    @Override
    public TokenEncoder encoder() {
        return new TokenEncoder() {
            @Override
            public void encode(byte[] utf8, int from, int to, Tokens into) {
                encodeWithOffsets(utf8, from, to, into);
            }

            @Override
            public void encodeWithOffsets(byte[] utf8, int from, int to, Tokens into) {
                String text = new String(utf8, from, to - from, StandardCharsets.UTF_8);
                if (text.contains("!")) {
                    throw new IllegalArgumentException("no exclamation marks");
                }
                into.clearForOffsets();
                for (int i = 0; i < text.length(); i++) {
                    boolean melts = text.charAt(i) == ' ' && i + 1 < text.length();
                    int end = melts ? i + 2 : i + 1;
                    into.add(id(text.charAt(i) + (melts ? text.charAt(i + 1) : 0)), i, end);
                    i = end - 1;
                }
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public StreamDecoder streamDecoder() {
        throw new UnsupportedOperationException("whole sequences are decoded here");
    }

    @Override
    public String decode(int[] ids, int from, int to) {
        throw new UnsupportedOperationException("not needed");
    }

    @Override
    public SpecialTokens specialTokens() {
        return special;
    }

    @Override
    public Template template() {
        return Template.PLAIN;
    }

    @Override
    public int vocabularySize() {
        return 43;
    }

    @Override
    public void close() {}
}
