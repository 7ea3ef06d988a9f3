package io.textloom.model;

import java.nio.file.Path;
import java.util.List;

/** Models by name or path. */
public final class ModelStore {
    private ModelStore() {}

    /** Names of the models in the jar. */
    public static List<String> builtIn() {
        return List.of("all-MiniLM-L6-v2", "bge-small-zh-v1.5", "storyteller");
    }

    /** Writes a built-in model as a Hugging Face folder with its weights in safetensors. */
    public static void importTo(String name, Path directory) {
        throw new UnsupportedOperationException("import of " + name + " to " + directory);
    }
}
