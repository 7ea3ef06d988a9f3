package io.textloom.token.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files beside a vocabulary. */
final class SmallJson {
    private SmallJson() {}

    /**
     * An object; an empty one if there is no such file.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static ObjectNode read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return JsonNodeFactory.instance.objectNode();
        }
        TokenizerJson.requireSmall(file);
        try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
            parser.nextToken();
            JsonNode node = JsonTree.read(parser);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalArgumentException(file.getFileName() + " is no object; expected settings by name");
        }
    }

    /** UTF-8, strictly. */
    static BufferedReader reader(Path file) throws IOException {
        TokenizerJson.requireSmall(file);
        return Files.newBufferedReader(file);
    }
}
