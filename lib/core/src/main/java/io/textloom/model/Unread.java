package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;

/** What model folders hold that Textloom never reads: pickles, which can run code when they are loaded, and Python. */
final class Unread {
    private static final List<String> WEIGHTS =
            List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".h5", ".msgpack", ".joblib", ".gguf");

    private static final String AUTO_MAP = "auto_map";

    private Unread() {}

    /** What to do for a folder without weights that are read; empty if it has no others either. */
    static String remedy(Collection<String> files) {
        return files.stream()
                .filter(file -> WEIGHTS.stream().anyMatch(file::endsWith))
                .sorted()
                .findFirst()
                .map(file ->
                        "; " + file + " is never read, since files of its kind can run code or are of another layout:"
                                + " load the model where it was made and save it as safetensors (save_pretrained with"
                                + " safe_serialization=True)")
                .orElse("");
    }

    /** Whether config.json asks for code of the folder's own. */
    static boolean asksForCode(JsonNode config) {
        return config.path(AUTO_MAP).isObject() && !config.path(AUTO_MAP).isEmpty();
    }
}
