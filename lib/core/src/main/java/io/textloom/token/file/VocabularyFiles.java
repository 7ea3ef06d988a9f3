package io.textloom.token.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A folder from before tokenizer.json: {@code vocab.txt}, or {@code vocab.json} and {@code merges.txt}, with settings in {@code tokenizer_config.json}.
 *
 * <p>Source: what {@code BertTokenizerFast}, {@code GPT2TokenizerFast} and {@code RobertaTokenizerFast} of transformers 5.23 make of such a folder.
 */
final class VocabularyFiles {
    private static final String WORDS = "vocab.txt";
    private static final String VOCABULARY = "vocab.json";
    private static final String MERGES = "merges.txt";

    private final Path folder;
    private final TokenizerFamily family;
    private final SpecialTokenSettings specials;
    private final ObjectNode settings;
    private final TokenizerJson made = TokenizerJson.empty();

    private VocabularyFiles(Path folder) throws IOException {
        this.folder = folder;
        settings = SmallJson.read(folder.resolve("tokenizer_config.json"));
        family = TokenizerFamily.of(
                Files.exists(folder.resolve(WORDS)),
                settings.path("tokenizer_class"),
                SmallJson.read(folder.resolve("config.json")).path("model_type"));
        specials = new SpecialTokenSettings(
                settings,
                SmallJson.read(folder.resolve("special_tokens_map.json")),
                SmallJson.read(folder.resolve("added_tokens.json")));
    }

    private static boolean arePresent(Path folder) {
        return Files.isRegularFile(folder.resolve(WORDS))
                || Files.isRegularFile(folder.resolve(VOCABULARY)) && Files.isRegularFile(folder.resolve(MERGES));
    }

    /**
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if they make no tokenizer of ours
     */
    static TokenizerJson read(Path folder) throws IOException {
        if (!arePresent(folder)) {
            throw new IllegalArgumentException("it has no tokenizer.json, vocab.txt, or vocab.json with merges.txt;"
                    + " save the model's fast tokenizer into it (AutoTokenizer.save_pretrained)");
        }
        return new VocabularyFiles(folder).read();
    }

    private TokenizerJson read() throws IOException {
        if (family == TokenizerFamily.BERT) {
            readWords();
        } else {
            try {
                made.readVocabulary(folder.resolve(VOCABULARY));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("in " + VOCABULARY + " " + e.getMessage(), e);
            }
            readMerges();
        }
        Map<String, AddedToken> named =
                specials.add(made.addedTokens(), made.vocabulary().build(), family.specials());
        ObjectNode model = made.model();
        model.put("type", family == TokenizerFamily.BERT ? "WordPiece" : "BPE");
        switch (family) {
            case BERT -> bert(model, named);
            case GPT2 -> {
                made.put("pre_tokenizer", byteLevel());
                made.put("decoder", part("ByteLevel"));
                if (flag("add_bos_token", false)) {
                    made.put("post_processor", beginning(special(named, "bos_token")));
                }
            }
            case ROBERTA -> {
                made.put("pre_tokenizer", byteLevel());
                made.put("decoder", part("ByteLevel"));
                ObjectNode post = part("RobertaProcessing");
                post.set("sep", pair(special(named, "sep_token")));
                post.set("cls", pair(special(named, "cls_token")));
                post.put("trim_offsets", flag("trim_offsets", true));
                post.put("add_prefix_space", flag("add_prefix_space", false));
                made.put("post_processor", post);
            }
        }
        return made;
    }

    private void bert(ObjectNode model, Map<String, AddedToken> named) {
        model.put("unk_token", special(named, "unk_token").content());
        ObjectNode normalizer = part("BertNormalizer");
        normalizer.put("lowercase", flag("do_lower_case", true));
        normalizer.put("handle_chinese_chars", flag("tokenize_chinese_chars", true));
        if (settings.hasNonNull("strip_accents")) {
            normalizer.put("strip_accents", flag("strip_accents", false));
        }
        made.put("normalizer", normalizer);
        made.put("pre_tokenizer", part("BertPreTokenizer"));
        made.put("decoder", part("WordPiece"));
        ObjectNode post = part("BertProcessing");
        post.set("cls", pair(special(named, "cls_token")));
        post.set("sep", pair(special(named, "sep_token")));
        made.put("post_processor", post);
    }

    private ObjectNode byteLevel() {
        return part("ByteLevel").put("add_prefix_space", flag("add_prefix_space", false));
    }

    /** The special token in front of every sequence. */
    private static ObjectNode beginning(AddedToken token) {
        ObjectNode template = part("TemplateProcessing");
        for (String name : new String[] {"single", "pair"}) {
            for (int i = 0; i < (name.equals("single") ? 1 : 2); i++) {
                template.withArray(name)
                        .addObject()
                        .putObject("SpecialToken")
                        .put("id", token.content())
                        .put("type_id", i);
                template.withArray(name)
                        .addObject()
                        .putObject("Sequence")
                        .put("id", i == 0 ? "A" : "B")
                        .put("type_id", i);
            }
        }
        template.putObject("special_tokens")
                .putObject(token.content())
                .putArray("ids")
                .add(token.id());
        return template;
    }

    /** A token a line, its number the id; of equal ones the last counts. */
    private void readWords() throws IOException {
        Map<String, Integer> words = new LinkedHashMap<>();
        int lines = 0;
        try (BufferedReader reader = SmallJson.reader(folder.resolve(WORDS))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                words.put(line, lines++);
            }
        }
        if (words.isEmpty()) {
            throw new IllegalArgumentException(WORDS + " is empty; expected a token a line");
        }
        words.forEach((word, id) -> made.vocabulary().add(word, id, 0));
    }

    private void readMerges() throws IOException {
        try (BufferedReader reader = SmallJson.reader(folder.resolve(MERGES))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isEmpty() && !line.startsWith("#version")) {
                    made.merges().add(line);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("in " + MERGES + " " + e.getMessage(), e);
        }
    }

    private boolean flag(String name, boolean absent) {
        JsonNode value = settings.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw new IllegalArgumentException(
                    "the field \"" + name + "\" of tokenizer_config.json is no truth value; expected true or false");
        }
        return value.booleanValue();
    }

    private static AddedToken special(Map<String, AddedToken> named, String name) {
        return Objects.requireNonNull(named.get(name), name);
    }

    private static ObjectNode part(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static JsonNode pair(AddedToken token) {
        return JsonNodeFactory.instance.arrayNode().add(token.content()).add(token.id());
    }
}
