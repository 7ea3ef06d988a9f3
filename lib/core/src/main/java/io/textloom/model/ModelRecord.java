package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an import wrote down of the model that it copied, in the file {@value #FILE} beside it, so that a later look can tell whether it is still the same.
 *
 * @param source the name or place it came from
 * @param sha256 of the model, as {@link ModelRef} has it
 * @param files path → SHA-256
 */
public record ModelRecord(String source, String sha256, Map<String, String> files) {
    /** Not among the files that make a model's hash. */
    public static final String FILE = "textloom-import.json";

    public ModelRecord {
        files = new TreeMap<>(files);
    }

    static ModelRecord of(ModelRef ref) {
        Map<String, String> files = new TreeMap<>();
        ref.files().forEach(file -> files.put(file.path(), file.sha256()));
        return new ModelRecord(ref.uri(), ref.sha256(), files);
    }

    /** That of a local folder; empty if there is none. */
    public static Optional<ModelRecord> of(Path folder) {
        if (!Files.isRegularFile(folder.resolve(FILE))) {
            return Optional.empty();
        }
        JsonNode json = Json.read(folder.resolve(FILE));
        Map<String, String> files = new TreeMap<>();
        json.path("files")
                .properties()
                .forEach(file -> files.put(file.getKey(), file.getValue().asText()));
        return Optional.of(new ModelRecord(
                json.path("source").asText(""), json.path("sha256").asText(""), files));
    }

    byte[] toJson() throws IOException {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("source", source).put("sha256", sha256);
        ObjectNode named = json.putObject("files");
        files.forEach(named::put);
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }
}
