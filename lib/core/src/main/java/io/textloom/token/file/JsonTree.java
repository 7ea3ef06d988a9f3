package io.textloom.token.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** The small parts of a tokenizer as trees, with a limit to their number of nodes and their depth. */
final class JsonTree {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NODES = 1 << 20;

    private final JsonParser parser;
    private int nodes;

    private JsonTree(JsonParser parser) {
        this.parser = parser;
    }

    /** The value that begins at the parser's current token; the parser stands at its end afterwards. */
    static JsonNode read(JsonParser parser) throws IOException {
        return new JsonTree(parser).value(0);
    }

    private JsonNode value(int depth) throws IOException {
        TokenizerJson.expect(depth < MAX_DEPTH, parser, "at most " + MAX_DEPTH + " levels");
        TokenizerJson.expect(++nodes <= MAX_NODES, parser, "at most " + MAX_NODES + " values");
        JsonNodeFactory make = JsonNodeFactory.instance;
        JsonToken token = parser.currentToken();
        TokenizerJson.expect(token != null, parser, "a value");
        switch (token) {
            case START_OBJECT -> {
                ObjectNode object = make.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.getCurrentName();
                    parser.nextToken();
                    object.set(name, value(depth + 1));
                }
                return object;
            }
            case START_ARRAY -> {
                ArrayNode array = make.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(depth + 1));
                }
                return array;
            }
            case VALUE_STRING -> {
                return make.textNode(parser.getText());
            }
            case VALUE_NUMBER_INT -> {
                return make.numberNode(parser.getLongValue());
            }
            case VALUE_NUMBER_FLOAT -> {
                return make.numberNode(parser.getDoubleValue());
            }
            case VALUE_TRUE -> {
                return make.booleanNode(true);
            }
            case VALUE_FALSE -> {
                return make.booleanNode(false);
            }
            case VALUE_NULL -> {
                return make.nullNode();
            }
            default -> throw new IllegalArgumentException("an unexpected " + token);
        }
    }
}
