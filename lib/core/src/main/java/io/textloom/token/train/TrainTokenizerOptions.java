package io.textloom.token.train;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a vocabulary is trained.
 *
 * @param vocabularySize most tokens, special ones and the alphabet included; unit: tokens
 * @param minFrequency a pair is merged only while it occurs this often
 * @param lowercase WordPiece: lower case, and accents off, before words are counted, as BERT's uncased models do
 * @param specialTokens all special tokens, in the order of their ids; empty for the type's own
 * @param limitAlphabet WordPiece: characters kept, the most frequent ones; 0 for all
 * @param maxTokenLength longest token that a merge makes; unit: bytes for BPE, characters for WordPiece; 0 for no limit. Hugging Face's {@code max_token_length} is the
 *     first length that is <i>not</i> made: one more than this.
 * @param maxWordBytes longer words are left out of the training and counted; unit: bytes of UTF-8
 */
public record TrainTokenizerOptions(
        TokenizerType type,
        int vocabularySize,
        int minFrequency,
        boolean lowercase,
        List<String> specialTokens,
        int limitAlphabet,
        int maxTokenLength,
        int maxWordBytes)
        implements Serializable {
    static final int BYTES = 256;
    private static final int MAX_WORD_BYTES = 1 << 20;

    public TrainTokenizerOptions {
        specialTokens = specialTokens.isEmpty() ? type.specialTokens() : List.copyOf(specialTokens);
        requireAtLeast("train.vocabSize", 1, vocabularySize);
        requireAtLeast("train.minFrequency", 1, minFrequency);
        requireAtLeast("train.limitAlphabet", 0, limitAlphabet);
        requireAtLeast("train.maxWordBytes", 1, maxWordBytes);
        if (maxWordBytes > MAX_WORD_BYTES) {
            throw new IllegalArgumentException(
                    "train.maxWordBytes is " + maxWordBytes + "; expected at most " + MAX_WORD_BYTES);
        }
        if (maxTokenLength < 0 || maxTokenLength == 1) {
            throw new IllegalArgumentException(
                    "train.maxTokenLength is " + maxTokenLength + "; expected 0 (no limit) or at least 2");
        }
        checkSpecialTokens(type, specialTokens);
        if (type == TokenizerType.BPE) {
            checkBytePairs(vocabularySize, lowercase, specialTokens, limitAlphabet);
        }
    }

    private static void checkSpecialTokens(TokenizerType type, List<String> tokens) {
        Set<String> seen = new HashSet<>();
        for (String token : tokens) {
            if (token.isBlank() || !seen.add(token)) {
                throw new IllegalArgumentException("train.specialTokens has "
                        + (token.isBlank() ? "an empty token" : token + " twice")
                        + "; expected tokens that differ, each with a name");
            }
        }
        if (type == TokenizerType.WORDPIECE && !tokens.containsAll(type.specialTokens())) {
            throw new IllegalArgumentException("train.specialTokens is " + String.join(", ", tokens)
                    + "; a WordPiece tokenizer needs " + String.join(", ", type.specialTokens())
                    + " among them, add what is missing");
        }
    }

    private static void checkBytePairs(
            int vocabularySize, boolean lowercase, List<String> specialTokens, int limitAlphabet) {
        if (lowercase) {
            throw new IllegalArgumentException(
                    "train.lowercase is true; byte-level BPE keeps texts as they are, leave it out or set train.type=wordpiece");
        }
        if (limitAlphabet > 0) {
            throw new IllegalArgumentException("train.limitAlphabet is " + limitAlphabet
                    + "; byte-level BPE always has its 256 bytes, leave it out or set train.type=wordpiece");
        }
        int least = BYTES + specialTokens.size();
        if (vocabularySize < least) {
            throw new IllegalArgumentException("train.vocabSize is " + vocabularySize + "; expected at least " + least
                    + ", the 256 bytes and the special tokens");
        }
    }

    private static void requireAtLeast(String key, int least, int found) {
        if (found < least) {
            throw new IllegalArgumentException(key + " is " + found + "; expected at least " + least);
        }
    }
}
