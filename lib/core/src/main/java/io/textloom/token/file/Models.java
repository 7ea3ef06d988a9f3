package io.textloom.token.file;

import io.textloom.token.vocabulary.ByteAlphabet;
import io.textloom.token.vocabulary.BytePairs;
import io.textloom.token.vocabulary.ByteSymbols;
import io.textloom.token.vocabulary.SubwordModel;
import io.textloom.token.vocabulary.Vocabulary;
import io.textloom.token.vocabulary.WordPiece;

/** Models by the names that tokenizer.json gives them. */
final class Models {
    private final TokenizerJson json;
    private final Part part;
    private final boolean byteLevel;

    private Models(TokenizerJson json, boolean byteLevel) {
        this.json = json;
        this.byteLevel = byteLevel;
        part = new Part("model", typed(json));
    }

    /** @param tokens the vocabulary as the file spells it */
    record Built(SubwordModel model, Vocabulary tokens) {}

    /**
     * @param byteLevel whether tokens are spelled in the byte alphabet
     * @throws NotCovered if it is none of ours
     */
    static Built build(TokenizerJson json, boolean byteLevel) {
        return new Models(json, byteLevel).build();
    }

    private Built build() {
        return switch (part.type()) {
            case "WordPiece" -> wordPiece();
            case "BPE" -> bytePairs();
            default -> throw part.notCovered();
        };
    }

    private Built wordPiece() {
        if (byteLevel) {
            throw part.notCovered("behind ByteLevel");
        }
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

    private Built bytePairs() {
        for (String affix : new String[] {"continuing_subword_prefix", "end_of_word_suffix"}) {
            if (!part.text(affix, "").isEmpty()) {
                throw part.notCovered("with " + affix);
            }
        }
        if (part.field("dropout").asDouble(0) != 0) {
            throw new IllegalArgumentException("the model drops merges at random (dropout is " + part.field("dropout")
                    + "); expected none: the same text must give the same tokens");
        }
        if (!byteLevel) {
            throw part.notCovered("without ByteLevel");
        }
        Vocabulary tokens = json.vocabulary().build();
        Vocabulary raw = TokenList.raw(tokens);
        int[] symbols = new int[256];
        for (int b = 0; b < 256; b++) {
            symbols[b] = tokens.id(Character.toString(ByteAlphabet.character(b)));
        }
        ByteSymbols bytes = new ByteSymbols(symbols);
        if (!bytes.complete() && part.has("unk_token")) {
            throw part.notCovered("with an unknown token for bytes");
        }
        return new Built(
                new BytePairs(raw, bytes, json.merges().build(tokens), part.flag("ignore_merges", false)), tokens);
    }

    /** Old files name no type; the reference tells by the fields. */
    private static com.fasterxml.jackson.databind.JsonNode typed(TokenizerJson json) {
        if (json.model().hasNonNull("type")) {
            return json.model();
        }
        com.fasterxml.jackson.databind.node.ObjectNode typed = json.model().deepCopy();
        typed.put("type", json.merges().size() > 0 ? "BPE" : json.model().has("unk_id") ? "Unigram" : "WordPiece");
        return typed;
    }
}
