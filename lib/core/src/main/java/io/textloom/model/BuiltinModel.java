package io.textloom.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/** Models that come on the class path, by name. */
enum BuiltinModel {
    MINILM("all-MiniLM-L6-v2", "all-minilm-l6-v2.onnx", OnnxBuiltin.MINILM),
    BGE_SMALL_ZH("bge-small-zh-v1.5", "bge-small-zh-v1.5.onnx", OnnxBuiltin.BGE_SMALL_ZH),
    STORYTELLER("storyteller", "io/textloom/models/storyteller/model.safetensors", null);

    /** Raised when the folder that an import writes changes. */
    private static final int IMPORT_VERSION = 2;

    private static final List<String> STORYTELLER_FILES = List.of(
            "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors");

    private final String modelName;
    private final String weights;
    private final @Nullable OnnxBuiltin onnx;

    BuiltinModel(String modelName, String weights, @Nullable OnnxBuiltin onnx) {
        this.modelName = modelName;
        this.weights = weights;
        this.onnx = onnx;
    }

    String modelName() {
        return modelName;
    }

    static List<String> names() {
        return Arrays.stream(values()).map(BuiltinModel::modelName).toList();
    }

    static Optional<BuiltinModel> byName(String name) {
        return Arrays.stream(values())
                .filter(m -> m.modelName.equalsIgnoreCase(name))
                .findFirst();
    }

    /** Differs when the weights on the class path differ, so that another version never meets an old import. */
    String cacheKey() {
        try {
            return "builtin-%s-%08x-%d".formatted(modelName, crc(), IMPORT_VERSION);
        } catch (IOException e) {
            throw new ModelException("Cannot read the built-in model " + modelName, e);
        }
    }

    /** Writes the model as a folder in Hugging Face layout. */
    void write(Path directory, ImportCheck check) throws IOException {
        if (onnx != null) {
            onnx.write(directory, check);
            return;
        }
        String base = weights.substring(0, weights.lastIndexOf('/') + 1);
        for (String file : STORYTELLER_FILES) {
            try (InputStream in = resource(base + file).openStream()) {
                Files.copy(in, directory.resolve(file));
            }
        }
    }

    /** @throws ModelException if the resource is not on the class path */
    static URL resource(String name) {
        URL url = BuiltinModel.class.getClassLoader().getResource(name);
        if (url == null) {
            throw new ModelException("The class path has no " + name
                    + "; this build carries no such model, add its jar or name a model folder");
        }
        return url;
    }

    private long crc() throws IOException {
        URLConnection connection = resource(weights).openConnection();
        if (connection instanceof JarURLConnection jar) {
            long crc = jar.getJarEntry().getCrc();
            if (crc >= 0) {
                return crc;
            }
        }
        try (CheckedInputStream in = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
            in.skip(Long.MAX_VALUE);
            return in.getChecksum().getValue();
        }
    }
}
