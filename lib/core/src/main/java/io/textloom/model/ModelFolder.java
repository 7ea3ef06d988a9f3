package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local folder in Hugging Face layout: configuration, tokenizer and weights of one model. Nothing large is read when it opens.
 */
public final class ModelFolder {
    private static final Logger LOG = LoggerFactory.getLogger(ModelFolder.class);

    /** tokenizer_config.json writes 1e30 for "no limit"; anything above this is taken as that. */
    private static final int LARGEST_SENSIBLE_LIMIT = 1 << 20;

    private final Path path;
    private final JsonNode config;
    private final Architecture architecture;
    private final SentenceSettings sentence;
    private final Optional<Weights> weights;

    private ModelFolder(Path path) {
        this.path = path;
        ModelFiles.requireInside(path);
        this.config = Json.read(path.resolve("config.json"));
        this.architecture = Architecture.of(config, path.resolve("config.json").toString(), onnx().isPresent());
        if (Unread.asksForCode(config)) {
            LOG.warn(
                    "{} has auto_map, which asks for code of the folder; no such code is ever run, the model is read as a plain {}",
                    path.resolve("config.json"),
                    architecture);
        }
        this.sentence = SentenceSettings.read(path, architecture.defaultPooling());
        this.weights = Weights.present(path) ? Optional.of(Weights.open(path)) : Optional.empty();
    }

    /** @throws ModelException if the folder is not a model that Textloom runs */
    public static ModelFolder open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelException(
                    "There is no model folder " + folder + "; expected a folder with config.json, tokenizer.json"
                            + " and model.safetensors, or the name of a built-in model");
        }
        if (!Files.isRegularFile(folder.resolve("config.json"))) {
            throw new ModelException("The folder " + folder + " has no config.json; expected a model in Hugging Face"
                    + " layout: config.json, tokenizer.json and model.safetensors or onnx/model.onnx");
        }
        ModelFolder model = new ModelFolder(folder.toAbsolutePath().normalize());
        if (model.weights.isEmpty() && model.onnx().isEmpty()) {
            throw new ModelException("The folder " + folder + " has no weights; expected model.safetensors, "
                    + "model.safetensors.index.json with its shards, or onnx/model.onnx"
                    + Unread.remedy(names(folder)));
        }
        return model;
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> String.valueOf(f.getFileName())).toList();
        } catch (IOException e) {
            throw new ModelException("Cannot list the folder " + folder, e);
        }
    }

    public Path path() {
        return path;
    }

    public Architecture architecture() {
        return architecture;
    }

    /** config.json as it is. */
    public JsonNode config() {
        return config;
    }

    /** The shape of the model as an encoder. */
    public EncoderSpec encoderSpec() {
        return architecture.spec(config);
    }

    /** Pooling, normalisation, longest sequence and prompts. */
    public SentenceSettings sentence() {
        return sentence;
    }

    /** The safetensors weights; empty if the folder holds an ONNX file alone. */
    public Optional<Weights> weights() {
        return weights;
    }

    /** {@code onnx/model.onnx} or {@code model.onnx}. */
    public Optional<Path> onnx() {
        return ModelFiles.ONNX.stream()
                .map(path::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /**
     * tokenizer.json, or the folder itself if it has an older vocabulary: vocab.txt, or vocab.json and merges.txt.
     *
     * @throws ModelException if there is none
     */
    public Path tokenizer() {
        return TokenizerFiles.in(path);
    }

    /** tokenizer_config.json; a missing node if there is none. */
    public JsonNode tokenizerConfig() {
        return Json.readIfPresent(path.resolve("tokenizer_config.json"));
    }

    /** How tokenizer_config.json spells a special token, such as {@code mask_token}; empty if it does not. */
    public Optional<String> specialToken(String key) {
        JsonNode token = tokenizerConfig().path(key);
        String spelling = token.isObject() ? token.path("content").asText("") : token.asText("");
        return spelling.isEmpty() ? Optional.empty() : Optional.of(spelling);
    }

    /** generation_config.json; a missing node if there is none. */
    public JsonNode generationConfig() {
        return Json.readIfPresent(path.resolve("generation_config.json"));
    }

    /**
     * The longest sequence the folder asks for, special tokens included: sentence_bert_config.json, else tokenizer_config.json, never more
     * than {@code maxPositions}; unit: tokens.
     */
    public int maxTokens(int maxPositions) {
        double tokenizerLimit = ConfigValues.number(tokenizerConfig(), "model_max_length", 0);
        int limit = maxPositions;
        for (double asked : List.of((double) sentence.maxTokens(), tokenizerLimit)) {
            if (asked >= 1 && asked < LARGEST_SENSIBLE_LIMIT) {
                limit = Math.min(maxPositions, (int) asked);
                break;
            }
        }
        return limit;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
