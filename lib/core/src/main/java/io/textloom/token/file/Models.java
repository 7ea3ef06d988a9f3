package io.textloom.token.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.token.split.PreTokenizer;
import io.textloom.token.split.WordStartSplit;
import io.textloom.token.vocabulary.Affixes;
import io.textloom.token.vocabulary.ByteAlphabet;
import io.textloom.token.vocabulary.BytePairs;
import io.textloom.token.vocabulary.ByteSymbols;
import io.textloom.token.vocabulary.CharSymbols;
import io.textloom.token.vocabulary.Merges;
import io.textloom.token.vocabulary.SubwordModel;
import io.textloom.token.vocabulary.Symbols;
import io.textloom.token.vocabulary.Unigram;
import io.textloom.token.vocabulary.Vocabulary;
import io.textloom.token.vocabulary.WordLevel;
import io.textloom.token.vocabulary.WordPiece;
import java.util.Optional;

/** Models by the names that tokenizer.json gives them. */
final class Models {
    /** What SentencePiece writes for a space. */
    private static final String SPACE_MARK = "▁";

    private final TokenizerJson json;
    private final Part part;
    private final boolean byteLevel;

    private Models(TokenizerJson json, boolean byteLevel) {
        this.json = json;
        this.byteLevel = byteLevel;
        part = new Part("model", typed(json));
    }

    /**
     * @param tokens the vocabulary as the file spells it
     * @param words where a piece may be cut further without a change to its tokens
     */
    record Built(SubwordModel model, Vocabulary tokens, Optional<PreTokenizer> words) {
        Built(SubwordModel model, Vocabulary tokens) {
            this(model, tokens, Optional.empty());
        }
    }

    /**
     * @param byteLevel whether tokens are spelled in the byte alphabet
     * @throws NotCovered if it is none of ours
     */
    static Built build(TokenizerJson json, boolean byteLevel) {
        return new Models(json, byteLevel).build();
    }

    private Built build() {
        if (byteLevel && !part.type().equals("BPE")) {
            throw part.notCovered("behind ByteLevel");
        }
        return switch (part.type()) {
            case "WordPiece" -> wordPiece();
            case "WordLevel" -> wordLevel();
            case "Unigram" -> unigram();
            case "BPE" -> byteLevel ? bytePairs() : characterPairs();
            default -> throw part.notCovered();
        };
    }

    private Built wordPiece() {
        Vocabulary tokens = json.vocabulary().build();
        int maxChars = part.number("max_input_chars_per_word", 100);
        return new Built(
                new WordPiece(
                        tokens,
                        part.text("unk_token", "[UNK]"),
                        part.text("continuing_subword_prefix", "##"),
                        maxChars),
                tokens);
    }

    private Built wordLevel() {
        Vocabulary tokens = json.vocabulary().build();
        return new Built(new WordLevel(tokens, part.text("unk_token", "<unk>")), tokens);
    }

    private Built unigram() {
        Vocabulary tokens = json.vocabulary().buildWithRepeats();
        int unknown = part.number("unk_id", -1);
        if (part.has("unk_id") && unknown < 0) {
            throw part.wrong("unk_id", "the id of a token");
        }
        return new Built(
                new Unigram(tokens, json.vocabulary().scores(), unknown, part.flag("byte_fallback", false)), tokens);
    }

    private Built bytePairs() {
        refuseDropout();
        if (!prefix().isEmpty()) {
            throw part.notCovered("with continuing_subword_prefix behind ByteLevel");
        }
        Vocabulary tokens = json.vocabulary().build();
        Vocabulary raw = TokenList.raw(tokens);
        int[] symbols = symbols(tokens, "");
        int[] last = symbols(tokens, suffix());
        ByteSymbols bytes = new ByteSymbols(symbols, last);
        if (!bytes.coverAll() && (part.has("unk_token") || part.flag("byte_fallback", false))) {
            throw part.notCovered("with an unknown token for bytes");
        }
        return new Built(pairs(raw, bytes, json.merges().build(tokens, "")), tokens);
    }

    private static int[] symbols(Vocabulary tokens, String suffix) {
        int[] symbols = new int[256];
        for (int b = 0; b < 256; b++) {
            symbols[b] = tokens.id(Character.toString(ByteAlphabet.character(b)) + suffix);
        }
        return symbols;
    }

    private Built characterPairs() {
        refuseDropout();
        boolean byteFallback = part.flag("byte_fallback", false);
        boolean affixed = !prefix().isEmpty() || !suffix().isEmpty();
        if (byteFallback && affixed) {
            throw part.notCovered("with byte_fallback and marks for the places in a word");
        }
        Vocabulary tokens = json.vocabulary().build();
        CharSymbols symbols = new CharSymbols(
                tokens,
                new Affixes(tokens, prefix(), suffix()),
                part.has("unk_token") ? part.text("unk_token") : null,
                part.flag("fuse_unk", false),
                byteFallback);
        boolean inWords = !affixed
                && symbols.coverAll()
                && !part.flag("ignore_merges", false)
                && tokens.id(SPACE_MARK) >= 0
                && !part.text("unk_token", "").contains(SPACE_MARK)
                && !json.merges().joinsBefore(SPACE_MARK);
        return new Built(
                pairs(tokens, symbols, json.merges().build(tokens, prefix())),
                tokens,
                inWords ? Optional.of(new WordStartSplit(SPACE_MARK)) : Optional.empty());
    }

    private BytePairs pairs(Vocabulary vocabulary, Symbols symbols, Merges merges) {
        return new BytePairs(vocabulary, symbols, merges, part.flag("ignore_merges", false));
    }

    private String prefix() {
        return part.text("continuing_subword_prefix", "");
    }

    private String suffix() {
        return part.text("end_of_word_suffix", "");
    }

    private void refuseDropout() {
        if (part.field("dropout").asDouble(0) != 0) {
            throw new IllegalArgumentException("the model drops merges at random (dropout is " + part.field("dropout")
                    + "); expected none: the same text must give the same tokens");
        }
    }

    /** Old files name no type; the reference tells by the fields. */
    private static JsonNode typed(TokenizerJson json) {
        if (json.model().hasNonNull("type")) {
            return json.model();
        }
        ObjectNode typed = json.model().deepCopy();
        typed.put("type", json.merges().size() > 0 ? "BPE" : json.model().has("unk_id") ? "Unigram" : "WordPiece");
        return typed;
    }
}
