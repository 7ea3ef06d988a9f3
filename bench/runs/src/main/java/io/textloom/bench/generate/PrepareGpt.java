package io.textloom.bench.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.bench.BenchPrompt;
import io.textloom.bench.Json;
import io.textloom.bench.Options;
import io.textloom.bench.micro.RandomDecoder;
import io.textloom.bench.side.Prose;
import io.textloom.model.Gpt2Spec;
import io.textloom.token.Gpt2TokenizerJson;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Untimed: makes a model with GPT-2's vocabulary and random weights as a folder, as GGUF files and as the assets that Spark NLP imports, unless they are there
 * already, and the prompts.
 */
final class PrepareGpt {
    private PrepareGpt() {}

    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(arguments);
        Path folder = options.path("folder");
        Path marker = folder.resolveSibling("made");
        if (!Files.exists(marker)) {
            model(folder, options.integer("hidden", 768), options.integer("layers", 12));
            Files.createFile(marker);
        }
        int maxPrompt = options.integer("max-prompt", 200);
        int maxNew = options.integer("max-new", 128);
        try (Tokenizer tokenizer = Tokenizers.open(folder.resolve("tokenizer.json"))) {
            PromptRecipe recipe = new PromptRecipe(
                    Prose.words(options.path("texts")),
                    options.integer("seed", 7),
                    text -> tokenizer.encode(text).length);
            List<BenchPrompt> varied = recipe.varied(options.integer("prompts", 512), 16, maxPrompt, 16, maxNew);
            BenchPrompt.write(options.path("varied"), varied);
            int length = options.integer("few-shot-tokens", 800);
            BenchPrompt.write(
                    options.path("few-shot"),
                    recipe.fewShot(
                            options.integer("few-shot-prompts", 200),
                            length * 4 / 5,
                            length,
                            options.integer("few-shot-new", 8)));
        }
    }

    private static void model(Path folder, int hidden, int layers) throws IOException {
        Files.createDirectories(folder);
        RandomDecoder.write(folder, hidden, layers);
        ObjectNode config = RandomDecoder.config(hidden, layers);
        config.putArray("architectures").add("GPT2LMHeadModel");
        Json.write(folder.resolve("config.json"), config);
        Gpt2TokenizerJson.write(folder.resolve("tokenizer.json"));
        Gpt2Spec spec = (Gpt2Spec) RandomDecoder.spec(hidden, layers).trunk();
        for (Gguf.Type type : Gguf.Type.values()) {
            Gguf.write(folder, spec, type, folder.resolveSibling(type.name().toLowerCase(Locale.ROOT) + ".gguf"));
        }
        assets(folder, folder.resolveSibling("spark-nlp").resolve("assets"));
    }

    /** The vocabulary by id and the merges by rank, one a line. */
    private static void assets(Path folder, Path target) throws IOException {
        Files.createDirectories(target);
        JsonNode model =
                Json.MAPPER.readTree(folder.resolve("tokenizer.json").toFile()).path("model");
        String[] tokens = new String[model.path("vocab").size()];
        model.path("vocab").properties().forEach(e -> tokens[e.getValue().asInt()] = e.getKey());
        Files.write(target.resolve("vocab.txt"), Arrays.asList(tokens));
        List<String> merges = new ArrayList<>();
        ((ArrayNode) model.path("merges")).forEach(merge -> merges.add(merge.asText()));
        Files.write(target.resolve("merges.txt"), merges);
    }
}
