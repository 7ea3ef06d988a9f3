package io.textloom.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What a folder's tokenizer is read from. */
final class TokenizerFiles {
    private TokenizerFiles() {}

    /**
     * tokenizer.json, or the folder itself if it has an older vocabulary: vocab.txt, or vocab.json and merges.txt.
     *
     * @throws ModelException if there is none
     */
    static Path in(Path folder) {
        if (has(folder, "tokenizer.json")) {
            return folder.resolve("tokenizer.json");
        }
        if (has(folder, "vocab.txt") || has(folder, "vocab.json") && has(folder, "merges.txt")) {
            return folder;
        }
        throw new ModelException(
                "The folder " + folder + " has no tokenizer.json, vocab.txt, or vocab.json with merges.txt;"
                        + " save the model's fast tokenizer into it (AutoTokenizer.save_pretrained)");
    }

    /** Whether there is one among the files of a folder. */
    static boolean among(Set<String> files) {
        return files.contains("tokenizer.json")
                || files.contains("vocab.txt")
                || files.contains("vocab.json") && files.contains("merges.txt");
    }

    private static boolean has(Path folder, String file) {
        return Files.isRegularFile(folder.resolve(file));
    }
}
