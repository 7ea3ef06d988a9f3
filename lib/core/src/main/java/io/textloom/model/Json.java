package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON files of a model folder. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static JsonNode read(Path file) {
        try {
            return MAPPER.readTree(file.toFile());
        } catch (IOException e) {
            throw new ModelException("Cannot read " + file + ": expected a JSON file; " + e.getMessage(), e);
        }
    }

    /** A missing node if there is no such file. */
    static JsonNode readIfPresent(Path file) {
        return Files.isRegularFile(file) ? read(file) : MissingNode.getInstance();
    }
}
