package io.textloom.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The tokenizers that are compared with the reference: the built-in models', GPT-2's, and the small ones of tokenizer_goldens.py. */
final class Vocabularies {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/tokenizers");

    private Vocabularies() {}

    static List<String> names() {
        List<String> names = new ArrayList<>(List.of("minilm", "bge-small-zh", "storyteller", "gpt2"));
        try (Stream<Path> files = Files.list(GOLDEN)) {
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".json"))
                    .map(file -> file.substring(0, file.length() - ".json".length()))
                    .sorted()
                    .forEach(names::add);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return names;
    }

    /** Writes {@code NAME.json} into the folder. */
    static Path write(String name, Path folder) throws IOException {
        Path json = folder.resolve(name + ".json");
        switch (name) {
            case "minilm" -> copy("all-minilm-l6-v2-tokenizer.json", json);
            case "bge-small-zh" -> copy("bge-small-zh-v1.5-tokenizer.json", json);
            case "storyteller" -> copy("io/textloom/models/storyteller/tokenizer.json", json);
            case "gpt2" -> Gpt2TokenizerJson.write(json);
            default -> {
                JsonNode root = new ObjectMapper()
                        .readTree(GOLDEN.resolve(name + ".json").toFile());
                for (JsonNode part : root.findParents("precompiled_charsmap")) {
                    ((ObjectNode) part)
                            .put(
                                    "precompiled_charsmap",
                                    charsmap(part.get("precompiled_charsmap").asText()));
                }
                new ObjectMapper().writeValue(json.toFile(), root);
            }
        }
        return json;
    }

    private static void copy(String resource, Path to) throws IOException {
        try (InputStream in = Vocabularies.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("Resource " + resource + " is not on the class path");
            }
            Files.write(to, in.readAllBytes());
        }
    }

    private static String charsmap(String file) throws IOException {
        byte[] gzip = Files.readAllBytes(GOLDEN.resolve(file));
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return Base64.getEncoder().encodeToString(in.readAllBytes());
        }
    }
}
