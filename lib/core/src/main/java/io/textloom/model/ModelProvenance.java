package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What there is to say of a model besides its hash.
 *
 * @param tokenizerSha256 of the lines "path sha256" of the tokenizer's files alone, so that models with one tokenizer are seen to have it
 * @param revision commit of the repository that the folder came from; empty where the folder does not say
 * @param configSha256 of config.json
 * @param facts of config.json: kind, sizes, number format
 */
public record ModelProvenance(
        String tokenizerSha256, String revision, String configSha256, SortedMap<String, String> facts) {
    private static final String CONFIG = "config.json";
    /** Where the hub's client notes which commit a file of a plain folder is of. */
    private static final String DOWNLOADED = ".cache/huggingface/download/config.json.metadata";

    private static final Set<String> TOKENIZER_FILES = Set.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt");

    private static final List<String> FACTS = List.of(
            "model_type",
            "hidden_size",
            "n_embd",
            "num_hidden_layers",
            "n_layer",
            "num_attention_heads",
            "n_head",
            "vocab_size",
            "max_position_embeddings",
            "n_positions",
            "torch_dtype",
            "dtype");

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern SNAPSHOT = Pattern.compile("/snapshots/([0-9a-f]{40})(?:/|$)");
    /** What is read of that note; unit: bytes */
    private static final int MAX_BYTES = 1 << 12;

    /** @throws ModelException if the folder's config.json cannot be read, or is larger or deeper than such files are */
    public static ModelProvenance of(ModelRef ref, ModelStore store, Configuration hadoop) {
        StringBuilder tokenizer = new StringBuilder();
        String configSha256 = "";
        for (ModelFile file : ref.files()) {
            if (TOKENIZER_FILES.contains(file.path())) {
                tokenizer.append(file.path()).append(' ').append(file.sha256()).append('\n');
            }
            configSha256 = file.path().equals(CONFIG) ? file.sha256() : configSha256;
        }
        try {
            Path folder = store.folder(ref, hadoop);
            FileSystem fs = folder.getFileSystem(hadoop);
            JsonNode config = configSha256.isEmpty() ? MissingNode.getInstance() : config(fs, new Path(folder, CONFIG));
            return new ModelProvenance(
                    tokenizer.length() == 0 ? "" : Sha256.of(tokenizer.toString()),
                    revision(ref, config, fs, folder),
                    configSha256,
                    facts(config));
        } catch (IOException e) {
            throw new ModelException(
                    "Cannot read " + CONFIG + " of the model " + ref.name() + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode config(FileSystem fs, Path file) throws IOException {
        try (InputStream in = fs.open(file)) {
            return Json.read(in, fs.getFileStatus(file).getLen(), file.toString());
        }
    }

    private static String revision(ModelRef ref, JsonNode config, FileSystem fs, Path folder) throws IOException {
        String stated = config.path("_commit_hash").asText("");
        if (COMMIT.matcher(stated).matches()) {
            return stated;
        }
        Matcher snapshot = SNAPSHOT.matcher(ref.uri());
        if (snapshot.find()) {
            return snapshot.group(1);
        }
        Path downloaded = new Path(folder, DOWNLOADED);
        if (!fs.exists(downloaded)) {
            return "";
        }
        String first = new String(head(fs, downloaded), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        return COMMIT.matcher(first).matches() ? first : "";
    }

    private static SortedMap<String, String> facts(JsonNode config) {
        TreeMap<String, String> facts = new TreeMap<>();
        String architecture = config.path("architectures").path(0).asText("");
        if (!architecture.isEmpty()) {
            facts.put("architecture", architecture);
        }
        for (String name : FACTS) {
            if (config.path(name).isValueNode() && !config.path(name).isNull()) {
                facts.put(name, config.path(name).asText());
            }
        }
        return facts;
    }

    private static byte[] head(FileSystem fs, Path file) throws IOException {
        try (InputStream in = fs.open(file)) {
            return in.readNBytes(MAX_BYTES);
        }
    }
}
