package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tensors of a model folder by name, from {@code model.safetensors} or the shards its index names. Nothing is read but headers.
 */
public final class Weights {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final int MAX_SHARDS = 4096;

    private final Map<String, TensorInfo> tensors;
    private final String origin;
    private final String prefix;

    private Weights(Map<String, TensorInfo> tensors, String origin, String prefix) {
        this.tensors = tensors;
        this.origin = origin;
        this.prefix = prefix;
    }

    public static boolean present(Path folder) {
        return Files.isRegularFile(folder.resolve(SINGLE)) || Files.isRegularFile(folder.resolve(INDEX));
    }

    public static Weights open(Path folder) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        if (Files.isRegularFile(folder.resolve(SINGLE))) {
            tensors.putAll(Safetensors.read(FolderBoundary.require(folder, SINGLE)));
        } else {
            for (String shard : shards(folder)) {
                Safetensors.read(FolderBoundary.require(folder, shard)).forEach((name, tensor) -> {
                    if (tensors.put(name, tensor) != null) {
                        throw new ModelException(
                                "The tensor " + name + " stands in two shards of " + folder + "; copy the model again");
                    }
                });
            }
        }
        return new Weights(tensors, folder.toString(), "");
    }

    /** The same tensors, found under {@code prefix + name} where that exists for {@code probe}; heads and trunks differ in it. */
    public Weights underPrefix(String probe, String... prefixes) {
        for (String candidate : prefixes) {
            if (tensors.containsKey(candidate + probe)) {
                return new Weights(tensors, origin, candidate);
            }
        }
        throw new ModelException("No tensor " + probe + " in " + origin + ", with none of the prefixes "
                + String.join(", ", prefixes) + "; the folder's architecture does not fit its weights");
    }

    public Optional<TensorInfo> find(String name) {
        return Optional.ofNullable(tensors.get(prefix + name));
    }

    /** All tensors, in the order of the files and their headers. */
    public List<TensorInfo> tensors() {
        return List.copyOf(tensors.values());
    }

    /** Where the files of all tensors lie, links resolved. */
    public Path folder() {
        Set<Path> folders = new HashSet<>();
        for (TensorInfo tensor : tensors.values()) {
            folders.add(tensor.file().toAbsolutePath().resolveSibling("").normalize());
        }
        if (folders.size() != 1) {
            throw new ModelException("The weights of " + origin + " lie in " + folders
                    + "; expected all shards in one directory, copy them together");
        }
        return folders.iterator().next();
    }

    /** @throws ModelException if there is no such tensor */
    public TensorInfo get(String name) {
        return find(name)
                .orElseThrow(() -> new ModelException("No tensor " + prefix + name + " among the " + tensors.size()
                        + " of " + origin + "; config.json and the weights belong to different models"));
    }

    private static TreeSet<String> shards(Path folder) {
        TreeSet<String> shards = new TreeSet<>();
        for (JsonNode shard : Json.read(FolderBoundary.require(folder, INDEX)).path("weight_map")) {
            String name = shard.asText();
            if (name.contains("/") || name.startsWith(".")) {
                throw new ModelException(
                        folder.resolve(INDEX) + " names " + name + ", which is outside the model folder");
            }
            shards.add(Paths.requireRelative(name));
        }
        if (shards.isEmpty()) {
            throw new ModelException(folder.resolve(INDEX) + " names no shard; expected a weight_map");
        }
        if (shards.size() > MAX_SHARDS) {
            throw new ModelException(
                    folder.resolve(INDEX) + " names " + shards.size() + " shards; expected at most " + MAX_SHARDS);
        }
        return shards;
    }
}
