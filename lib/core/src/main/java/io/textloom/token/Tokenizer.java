package io.textloom.token;

import io.textloom.token.file.Template;
import java.util.BitSet;

/**
 * Text to token ids and back. Implementations are safe for concurrent use; many texts go fastest through an {@link #encoder}.
 */
public interface Tokenizer extends AutoCloseable {
    /** Borrows an encoder; to be closed by the one thread that uses it. */
    TokenEncoder encoder();

    /** Ids of the text alone: no special tokens added, no truncation, no padding. Special tokens spelled out in the text are kept as the model's own tokenizer keeps them. */
    default int[] encode(String text) {
        Tokens tokens = new Tokens();
        try (TokenEncoder encoder = encoder()) {
            encoder.encode(text, tokens);
        }
        return tokens.copyOfIds(0, tokens.size());
    }

    /** The text of {@code ids[from, to)}, special tokens skipped; incomplete UTF-8 becomes U+FFFD. */
    String decode(int[] ids, int from, int to);

    /** Decodes a sequence that is still growing. */
    StreamDecoder streamDecoder();

    /** How single tokens are spelled. */
    default Spelling spelling() {
        return Spelling.byDecoding(this);
    }

    /** Ids of the tokens added to the vocabulary, special ones among them; empty for a tokenizer that does not give them away. The caller's own. */
    default BitSet addedTokens() {
        return new BitSet();
    }

    /** What the model's post-processor puts around a single text. */
    SpecialTokens specialTokens();

    /** The same, and what it puts around a pair. */
    Template template();

    /** Number of ids, added tokens included. */
    int vocabularySize();

    @Override
    void close();
}
