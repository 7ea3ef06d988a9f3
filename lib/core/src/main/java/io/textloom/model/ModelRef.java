package io.textloom.model;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which model a job runs, exactly: it travels from the driver to the executors. Kryo cannot write records by itself, hence its serializer.
 *
 * @param name as the user asked for it
 * @param uri where the folder is; {@code builtin:NAME} for a model on the class path
 * @param sha256 of the sorted lines "path sha256" of all files: equal content, equal hash
 * @param files those that matter to Textloom, sorted by path
 */
@DefaultSerializer(JavaSerializer.class)
public record ModelRef(String name, String uri, String sha256, List<ModelFile> files) implements Serializable {
    static final String BUILTIN = "builtin:";

    public ModelRef {
        files = List.copyOf(files);
        Sha256.requireHex(sha256);
    }

    static ModelRef of(String name, String uri, List<ModelFile> files) {
        List<ModelFile> sorted =
                files.stream().sorted(Comparator.comparing(ModelFile::path)).toList();
        StringBuilder lines = new StringBuilder();
        for (ModelFile file : sorted) {
            lines.append(file.path()).append(' ').append(file.sha256()).append('\n');
        }
        return new ModelRef(name, uri, Sha256.of(lines.toString()), sorted);
    }

    /** One hash for several models by name: of the lines "name sha256", in their order. That of a single one is its own. */
    public static String sha256(List<ModelRef> models) {
        if (models.size() == 1) {
            return models.get(0).sha256();
        }
        StringBuilder lines = new StringBuilder();
        for (ModelRef model : models) {
            lines.append(model.shortName()).append(' ').append(model.sha256()).append('\n');
        }
        return Sha256.of(lines.toString());
    }

    /** The last part of a path, or the name of a built-in model. */
    public String shortName() {
        String[] parts = name.split("/");
        return parts.length == 0 ? name : parts[parts.length - 1];
    }

    /**
     * For rows that say which of several models made them.
     *
     * @param setting that names the models, for the message
     * @throws IllegalArgumentException if two have one short name
     */
    public static void requireDifferentNames(List<ModelRef> models, String setting) {
        Set<String> names = new HashSet<>();
        for (ModelRef model : models) {
            if (!names.add(model.shortName())) {
                throw new IllegalArgumentException(setting + " has two named " + model.shortName()
                        + "; name each once, and rename a folder if two have one name");
            }
        }
    }

    /** Whether it is a tokenizer alone, for {@code tokenize}. */
    public boolean isTokenizer() {
        return files.stream().noneMatch(file -> file.path().equals(ModelFiles.CONFIG));
    }

    /** unit: bytes */
    public long totalBytes() {
        return files.stream().mapToLong(ModelFile::bytes).sum();
    }
}
