package io.textloom.token.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@code tokenizer.json} holds: its small parts as trees, the vocabulary and the merges in flat arrays. Read as a stream; memory is bounded whatever the file
 * says, and a file that is no tokenizer is refused with the reason.
 *
 * <p>Source: serialization of tokenizers 0.23.3.
 */
final class TokenizerJson {
    /** Larger files are refused before they are read; the largest real ones have about 35 MB. unit: bytes */
    static final long MAX_FILE_BYTES = 1L << 27;

    private static final int MAX_MERGES = 1 << 22;
    private static final int MAX_ADDED_TOKENS = 1 << 20;

    private final Map<String, JsonNode> parts = new HashMap<>();
    private final List<AddedToken> addedTokens = new ArrayList<>();
    private final ObjectNode model = JsonNodeFactory.instance.objectNode();
    private final TokenList vocabulary = new TokenList();
    private final PairList merges = new PairList(MAX_MERGES);

    private TokenizerJson() {}

    /**
     * @throws IOException if the file cannot be read or is not JSON
     * @throws IllegalArgumentException if it is not a tokenizer
     */
    static TokenizerJson read(Path file) throws IOException {
        requireSmall(file);
        TokenizerJson json = new TokenizerJson();
        try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
            json.read(parser);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("it is nested too deeply", e);
        }
        return json;
    }

    /** To be filled part by part. */
    static TokenizerJson empty() {
        return new TokenizerJson();
    }

    void put(String name, JsonNode part) {
        parts.put(name, part);
    }

    /** A vocabulary in a file of its own. */
    void readVocabulary(Path file) throws IOException {
        requireSmall(file);
        try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
            expect(parser.nextToken() == JsonToken.START_OBJECT, parser, "a JSON object");
            readVocabulary(parser);
        }
    }

    /** One of {@code normalizer}, {@code pre_tokenizer}, {@code post_processor}, {@code decoder}; a missing node if it is null or absent. */
    JsonNode part(String name) {
        return parts.getOrDefault(name, com.fasterxml.jackson.databind.node.MissingNode.getInstance());
    }

    List<AddedToken> addedTokens() {
        return addedTokens;
    }

    /** The model's settings, vocabulary and merges left out. */
    ObjectNode model() {
        return model;
    }

    TokenList vocabulary() {
        return vocabulary;
    }

    PairList merges() {
        return merges;
    }

    static void requireSmall(Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > MAX_FILE_BYTES) {
            throw new IllegalArgumentException(
                    "it is " + bytes + " bytes long; expected at most " + MAX_FILE_BYTES + " for a tokenizer");
        }
    }

    private void read(JsonParser parser) throws IOException {
        expect(parser.nextToken() == JsonToken.START_OBJECT, parser, "a JSON object");
        boolean hasModel = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.getCurrentName();
            parser.nextToken();
            switch (name) {
                case "model" -> {
                    expect(!hasModel, parser, "one model");
                    readModel(parser);
                    hasModel = true;
                }
                case "added_tokens" -> readAddedTokens(parser);
                case "normalizer", "pre_tokenizer", "post_processor", "decoder" -> {
                    JsonNode part = JsonTree.read(parser);
                    if (!part.isNull()) {
                        parts.put(name, part);
                    }
                }
                default -> parser.skipChildren();
            }
        }
        expect(hasModel, parser, "a field \"model\"");
        expect(parser.nextToken() == null, parser, "nothing behind the tokenizer");
    }

    private void readModel(JsonParser parser) throws IOException {
        expect(parser.currentToken() == JsonToken.START_OBJECT, parser, "an object for \"model\"");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.getCurrentName();
            parser.nextToken();
            switch (name) {
                case "vocab" -> readVocabulary(parser);
                case "merges" -> readMerges(parser);
                default -> model.set(name, JsonTree.read(parser));
            }
        }
    }

    private void readVocabulary(JsonParser parser) throws IOException {
        expect(vocabulary.size() == 0, parser, "one vocabulary");
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String token = parser.getCurrentName();
                expect(parser.nextToken() == JsonToken.VALUE_NUMBER_INT, parser, "a whole number as the id of a token");
                vocabulary.add(token, parser.getLongValue(), 0);
            }
            return;
        }
        expect(parser.currentToken() == JsonToken.START_ARRAY, parser, "an object or an array for \"vocab\"");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken() == JsonToken.START_ARRAY, parser, "a token and its score");
            expect(parser.nextToken() == JsonToken.VALUE_STRING, parser, "a token");
            String token = parser.getText();
            parser.nextToken();
            expect(parser.currentToken().isNumeric(), parser, "a score");
            vocabulary.add(token, vocabulary.size(), parser.getDoubleValue());
            expect(parser.nextToken() == JsonToken.END_ARRAY, parser, "a token and its score, no more");
        }
    }

    private void readMerges(JsonParser parser) throws IOException {
        expect(merges.size() == 0, parser, "one list of merges");
        expect(parser.currentToken() == JsonToken.START_ARRAY, parser, "an array for \"merges\"");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                expect(parser.nextToken() == JsonToken.VALUE_STRING, parser, "the left token of a merge");
                String left = parser.getText();
                expect(parser.nextToken() == JsonToken.VALUE_STRING, parser, "the right token of a merge");
                merges.add(left, parser.getText());
                expect(parser.nextToken() == JsonToken.END_ARRAY, parser, "two tokens for a merge");
            } else {
                expect(parser.currentToken() == JsonToken.VALUE_STRING, parser, "a merge");
                merges.add(parser.getText());
            }
        }
    }

    private void readAddedTokens(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(parser.currentToken() == JsonToken.START_ARRAY, parser, "an array for \"added_tokens\"");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(addedTokens.size() < MAX_ADDED_TOKENS, parser, "at most " + MAX_ADDED_TOKENS + " added tokens");
            JsonNode token = JsonTree.read(parser);
            expect(token.path("content").isTextual(), parser, "an added token with a \"content\"");
            expect(
                    token.path("id").canConvertToInt() && token.path("id").intValue() >= 0,
                    parser,
                    "an added token with an \"id\"");
            addedTokens.add(new AddedToken(
                    token.path("id").intValue(),
                    token.path("content").textValue(),
                    token.path("single_word").asBoolean(false),
                    token.path("lstrip").asBoolean(false),
                    token.path("rstrip").asBoolean(false),
                    token.path("normalized").asBoolean(true),
                    token.path("special").asBoolean(false)));
        }
    }

    static void expect(boolean holds, JsonParser parser, String expected) throws IOException {
        if (!holds) {
            JsonToken found = parser.currentToken();
            String what = found == null
                    ? "the end of the file"
                    : found.isScalarValue() ? shown(parser.getText()) : String.valueOf(found.asString());
            throw new IllegalArgumentException(
                    "line " + parser.getCurrentLocation().getLineNr() + ", column "
                            + parser.getCurrentLocation().getColumnNr() + " has " + what + "; expected " + expected);
        }
    }

    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
