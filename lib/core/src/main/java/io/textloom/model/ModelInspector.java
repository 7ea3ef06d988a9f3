package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.tensor.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks into a model folder without loading it. */
public final class ModelInspector {
    /** Formats whose files can carry code, and those of other libraries. */
    private static final List<String> NOT_READ =
            List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".h5", ".msgpack", ".py", ".ot", ".npz");

    private ModelInspector() {}

    /**
     * @param folder the model of {@code ref} on this machine
     * @throws ModelException if config.json cannot be read; an architecture that is not known, and a tokenizer alone, are told in the result
     */
    public static ModelInspection inspect(ModelRef ref, Path folder) {
        JsonNode config = Json.readIfPresent(folder.resolve("config.json"));
        String type = config.path("model_type").asText("");
        TreeMap<String, Long> shape = new TreeMap<>();
        Map<String, String> facts = new LinkedHashMap<>();
        TreeMap<DataType, Long> dtypes = new TreeMap<>();
        TreeMap<String, String> jobs = new TreeMap<>();
        try {
            ModelFolder model = ModelFolder.open(folder);
            EncoderSpec spec = model.encoderSpec();
            describe(model, spec, shape, facts);
            model.weights()
                    .ifPresent(weights -> weights.tensors()
                            .forEach(tensor -> dtypes.merge(tensor.type(), tensor.elements(), Long::sum)));
            jobs.putAll(jobs(model, spec));
        } catch (ModelException e) {
            String reason = Optional.ofNullable(e.getMessage()).orElse("unreadable");
            List.of("classify", "embed", "generate", "score").forEach(job -> jobs.put(job, reason));
            jobs.put("tokenize", hasTokenizer(folder) ? "" : reason);
        }
        return new ModelInspection(ref, type, shape, facts, dtypes, jobs, notRead(folder));
    }

    private static boolean hasTokenizer(Path folder) {
        return Stream.of("tokenizer.json", "vocab.txt", "merges.txt").anyMatch(f -> Files.exists(folder.resolve(f)));
    }

    private static void describe(
            ModelFolder model, EncoderSpec spec, Map<String, Long> shape, Map<String, String> facts) {
        shape.put("layers", (long) spec.layers());
        shape.put("hidden", (long) spec.hidden());
        shape.put("vocabulary", (long) spec.vocabulary());
        shape.put("maxPositions", (long) spec.maxPositions());
        facts.put(
                "architecture",
                model.architecture().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        facts.put("kind", spec instanceof DecoderTrunk ? "decoder" : "encoder");
        if (spec instanceof DecoderTrunk trunk) {
            AttentionSpec attention = trunk.attention(0);
            shape.put("heads", (long) attention.heads());
            shape.put("keyHeads", (long) attention.keyHeads());
            shape.put("headSize", (long) attention.headSize());
            shape.put("kvBytesPerToken", 2L * 4 * spec.layers() * attention.keyWidth());
        }
        SentenceSettings sentence = model.sentence();
        facts.put("pooling", sentence.pooling().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        facts.put("normalize", String.valueOf(sentence.normalize()));
        facts.put("maxTokens", String.valueOf(model.maxTokens(spec.maxPositions())));
        if (!sentence.prompts().isEmpty()) {
            facts.put("prompts", String.join(", ", new TreeMap<>(sentence.prompts()).keySet()));
        }
        HeadSpec head = HeadSpec.of(model.config());
        head.head()
                .ifPresent(
                        h -> facts.put("head", h.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        if (!head.labels().isEmpty() && head.head().isPresent()) {
            facts.put("labels", String.join(", ", new TreeMap<>(head.labels()).values()));
        }
        facts.put("chatTemplate", hasChatTemplate(model) ? "yes" : "no");
        facts.put("weights", model.weights().isPresent() ? "safetensors" : "onnx");
    }

    private static boolean hasChatTemplate(ModelFolder model) {
        return Files.exists(model.path().resolve("chat_template.jinja"))
                || !model.tokenizerConfig().path("chat_template").isMissingNode();
    }

    private static Map<String, String> jobs(ModelFolder model, EncoderSpec spec) {
        Map<String, String> jobs = new LinkedHashMap<>();
        Optional<Head> head = Head.of(model.config());
        String noTokenizer = failure(model::tokenizer);
        String decoder =
                spec instanceof DecoderTrunk ? failure(() -> DecoderSpec.of(model)) : "an encoder writes no text";
        if (decoder.isEmpty() && model.weights().isEmpty()) {
            decoder = "no model.safetensors; generation needs the weights as safetensors";
        }
        boolean classifies = head.isPresent() && head.get() != Head.MASKED_LM;
        boolean fillsMasks = head.isPresent() && head.get() == Head.MASKED_LM;
        jobs.put("tokenize", noTokenizer);
        jobs.put("embed", noTokenizer);
        jobs.put("generate", first(noTokenizer, decoder));
        jobs.put("score", first(noTokenizer, fillsMasks ? "" : classifies ? "its head classifies" : decoder));
        jobs.put(
                "classify",
                first(
                        noTokenizer,
                        classifies
                                ? ""
                                : "config.json names no class that ends in ForSequenceClassification,"
                                        + " ForTokenClassification or ForQuestionAnswering"));
        return jobs;
    }

    private static String first(String a, String b) {
        return a.isEmpty() ? b : a;
    }

    private static String failure(Runnable look) {
        try {
            look.run();
            return "";
        } catch (ModelException e) {
            return Optional.ofNullable(e.getMessage()).orElse("unreadable");
        }
    }

    private static List<String> notRead(Path folder) {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder, 2)) {
            files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> NOT_READ.stream()
                            .anyMatch(end -> name.toLowerCase(Locale.ROOT).endsWith(end)))
                    .sorted()
                    .forEach(names::add);
        } catch (IOException e) {
            throw new ModelException("Cannot list " + folder + ": " + e.getMessage(), e);
        }
        return names;
    }
}
