package io.textloom.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The small JSON files of a model folder. Their size and depth are limited, because strangers wrote them and they are held as trees. */
public final class Json {
    /** The largest real ones, the indexes of weights in many shards, have about 10 MB. unit: bytes */
    public static final long MAX_BYTES = 1L << 24;

    static final int MAX_DEPTH = 64;

    static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build());

    private Json() {}

    /** @throws ModelException if there is no such file, or it is larger or deeper than the limits, or not JSON */
    public static JsonNode read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, Files.size(file), file.toString());
        } catch (IOException e) {
            throw new ModelException("Cannot read " + file + ": expected a JSON file; " + e.getMessage(), e);
        }
    }

    /** A missing node if there is no such file. */
    public static JsonNode readIfPresent(Path file) {
        return Files.isRegularFile(file) ? read(file) : MissingNode.getInstance();
    }

    /** @param bytes length of the file */
    static JsonNode read(InputStream in, long bytes, String file) throws IOException {
        if (bytes > MAX_BYTES) {
            throw new ModelException("The file " + file + " is " + bytes + " bytes long; expected at most " + MAX_BYTES
                    + " for a JSON file of a model, copy the folder again");
        }
        try {
            JsonNode tree = MAPPER.readTree(in.readNBytes((int) MAX_BYTES));
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (JacksonException e) {
            throw new ModelException("Cannot read " + file + ": expected a JSON file; " + e.getMessage(), e);
        }
    }
}
