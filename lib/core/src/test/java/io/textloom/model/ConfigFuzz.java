package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.fuzz.FuzzFiles;
import io.textloom.fuzz.FuzzTarget;
import io.textloom.tensor.Pooling;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** config.json as a shape, and the small files of a folder together. */
public final class ConfigFuzz {
    private static final List<String> FILES = List.of(
            "config.json",
            "generation_config.json",
            "tokenizer_config.json",
            "modules.json",
            "sentence_bert_config.json",
            "config_sentence_transformers.json",
            "model.safetensors.index.json",
            "1_Pooling/config.json");

    private ConfigFuzz() {}

    public static FuzzTarget config() {
        Path file = FuzzFiles.directory("config.json").resolve("config.json");
        return new FuzzTarget("config", FuzzTarget.Shape.TEXT, Set.of(ModelException.class), 4 << 20, 300, input -> {
            Files.write(file, input);
            JsonNode config = Json.read(file);
            Architecture architecture = Architecture.of(config, "config.json", true);
            EncoderSpec spec = architecture.spec(config);
            HeadSpec head = HeadSpec.of(config);
            long feature = architecture.ordinal() + 32L * head.labels().size();
            if (spec instanceof DecoderTrunk) {
                feature += DecoderSpec.of(config, config).eosIds().size();
            }
            if (!(spec.flops(10) > 0)) {
                throw new AssertionError(spec + " needs " + spec.flops(10) + " operations");
            }
            return feature;
        });
    }

    /** The input is one object: name of a file → its content. */
    public static FuzzTarget folder() {
        Path folder = FuzzFiles.directory("model.safetensors");
        try {
            byte[] header = "{}      ".getBytes(StandardCharsets.US_ASCII);
            ByteBuffer weights = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            Files.write(
                    folder.resolve("model.safetensors"),
                    weights.putLong(8).put(header).array());
            Files.createDirectories(folder.resolve("1_Pooling"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new FuzzTarget(
                "folder",
                FuzzTarget.Shape.TEXT,
                Set.of(ModelException.class, com.fasterxml.jackson.core.JacksonException.class),
                8 << 20,
                800,
                input -> open(folder, Json.MAPPER.readTree(new String(input, StandardCharsets.UTF_8))));
    }

    private static long open(Path folder, JsonNode files) throws IOException {
        List<Path> written = new ArrayList<>();
        try {
            for (String name : FILES) {
                if (files.has(name)) {
                    Path file = folder.resolve(name);
                    written.add(file);
                    Files.write(file, Json.MAPPER.writeValueAsBytes(files.get(name)));
                }
            }
            ModelFolder model = ModelFolder.open(folder);
            model.sentence().checkPrompt("", Pooling.MEAN);
            if (model.maxTokens(512) < 1 || model.maxTokens(512) > 512) {
                throw new AssertionError("the longest sequence is " + model.maxTokens(512));
            }
            return model.sentence().pooling().ordinal()
                    + 16L * model.sentence().prompts().size()
                    + (model.specialToken("mask_token").isPresent() ? 8 : 0);
        } finally {
            for (Path file : written) {
                Files.deleteIfExists(file);
            }
        }
    }
}
