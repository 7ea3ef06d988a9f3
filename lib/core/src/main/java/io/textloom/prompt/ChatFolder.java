package io.textloom.prompt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingJsonFactory;
import io.textloom.model.Json;
import io.textloom.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a model's folder says about chats: {@code chat_template.jinja}, {@code additional_chat_templates/*.jinja}, {@code chat_template.json}, or {@code chat_template} in
 * {@code tokenizer_config.json}, a text or a list of names and texts; and how special tokens are spelled.
 */
final class ChatFolder {
    /** The longest real ones have some 20 kB. unit: bytes */
    private static final long MAX_TEMPLATE_BYTES = 1 << 20;

    private static final JsonFactory ADDED_TOKENS = new MappingJsonFactory();

    private static final String DEFAULT = "default";

    private final Path folder;
    private final JsonNode config;

    ChatFolder(Path folder) {
        this.folder = folder;
        this.config = json("tokenizer_config.json");
    }

    /** Name → text; the one without a name is {@code default}. */
    SortedMap<String, String> templates() {
        SortedMap<String, String> templates = new TreeMap<>();
        add(config.path("chat_template"), templates);
        add(json("chat_template.json").path("chat_template"), templates);
        if (Files.isRegularFile(folder.resolve("chat_template.jinja"))) {
            templates.put(DEFAULT, text(folder.resolve("chat_template.jinja")));
        }
        for (Path more : more()) {
            String name = String.valueOf(more.getFileName());
            templates.put(name.substring(0, name.length() - ".jinja".length()), text(more));
        }
        return templates;
    }

    /** @param name empty for the default one */
    Optional<String> template(String name) {
        SortedMap<String, String> templates = templates();
        String wanted = name.isEmpty() ? DEFAULT : name;
        if (!templates.containsKey(wanted) && !(name.isEmpty() && templates.isEmpty())) {
            throw new IllegalArgumentException("generate.chatTemplate is "
                    + (name.isEmpty() ? "not given" : name) + " but the folder " + folder + " has "
                    + (templates.isEmpty()
                            ? "no chat template"
                            : "the chat templates " + String.join(", ", templates.keySet()))
                    + "; choose one it has");
        }
        return Optional.ofNullable(templates.get(wanted));
    }

    private static void add(JsonNode node, SortedMap<String, String> templates) {
        if (node.isTextual()) {
            templates.put(DEFAULT, node.asText());
        } else if (node.isArray()) {
            node.forEach(each -> templates.put(
                    each.path("name").asText(), each.path("template").asText()));
        }
    }

    private List<Path> more() {
        Path directory = folder.resolve("additional_chat_templates");
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jinja"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ModelException("Cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    /** {@code bos_token} → its spelling, and so on for all that the folder names. */
    SortedMap<String, String> specialTokens() {
        SortedMap<String, String> tokens = new TreeMap<>();
        for (JsonNode source : List.of(json("special_tokens_map.json"), config)) {
            source.fields().forEachRemaining(field -> {
                JsonNode token = field.getValue();
                String spelling = token.isObject() ? token.path("content").asText("") : token.asText("");
                if (field.getKey().endsWith("_token") && token.isBoolean() == false && !spelling.isEmpty()) {
                    tokens.put(field.getKey(), spelling);
                }
            });
        }
        return tokens;
    }

    /** Spellings that the tokenizer takes for special tokens wherever they stand in a text. */
    List<String> specialSpellings() {
        Path tokenizer = folder.resolve("tokenizer.json");
        List<String> spellings = new ArrayList<>();
        if (!Files.isRegularFile(tokenizer)) {
            return spellings;
        }
        // a vocabulary may be large: only the added tokens are held as trees
        try (JsonParser parser = ADDED_TOKENS.createParser(tokenizer.toFile())) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean added = parser.getCurrentName().equals("added_tokens");
                parser.nextToken();
                if (added) {
                    addSpellings(parser.readValueAsTree(), spellings);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new ModelException("Cannot read " + tokenizer + ": expected a JSON file; " + e.getMessage(), e);
        }
        return spellings;
    }

    private static void addSpellings(JsonNode addedTokens, List<String> spellings) {
        for (JsonNode token : addedTokens) {
            String content = token.path("content").asText("");
            if (token.path("special").asBoolean(false) && !content.isEmpty()) {
                spellings.add(content);
            }
        }
    }

    private JsonNode json(String file) {
        return Json.readIfPresent(folder.resolve(file));
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_TEMPLATE_BYTES) {
                throw new ModelException("The chat template " + file + " is " + Files.size(file)
                        + " bytes long; expected at most " + MAX_TEMPLATE_BYTES);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new ModelException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
