package io.textloom.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.textloom.spark.train.ClassWeights;
import io.textloom.spark.train.HeadOptions;
import io.textloom.tensor.HeadTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A HOCON file of several heads: a list {@code heads} of objects with {@code name}, {@code task}, {@code labelColumn}, and if wanted {@code input}, {@code dev}, {@code textColumn}, {@code pairColumn}, {@code labels}, {@code layers},
 * {@code dropout} and {@code classWeights}, which is none, balanced, or an object of label and weight.
 */
final class HeadFile {
    private static final String HEADS = "heads";
    private static final Set<String> KEYS = Set.of(
            "name",
            "task",
            "input",
            "dev",
            "textColumn",
            "pairColumn",
            "labelColumn",
            "labels",
            "layers",
            "dropout",
            "classWeights");

    private HeadFile() {}

    /**
     * @param layers where a head says nothing
     * @param dropout where a head says nothing
     * @throws ConfigException if the file is missing or no HOCON, has no heads, or an unknown key or a value that does not fit
     */
    static List<HeadOptions> read(Path path, List<Integer> layers, double dropout) {
        if (!Files.isRegularFile(path)) {
            throw new ConfigException("train.heads is " + path
                    + ", which is not a file; give the path of a HOCON file with a list heads");
        }
        ConfigObject root = ConfigFile.parse(path);
        if (!(root.get(HEADS) instanceof ConfigList list) || list.isEmpty() || root.size() > 1) {
            throw new ConfigException(path + " has " + root.keySet()
                    + "; expected heads = [{name = …, task = …, labelColumn = …}, …] alone");
        }
        List<HeadOptions> heads = new ArrayList<>();
        for (ConfigValue value : list) {
            Origin origin = ConfigFile.originOf(value);
            if (!(value instanceof ConfigObject head)) {
                throw new ConfigException(
                        "A head (from " + origin.place() + ") is " + value.render() + "; expected {name = …, …}");
            }
            for (String key : head.keySet()) {
                if (!KEYS.contains(key)) {
                    throw new ConfigException("A head (from " + origin.place() + ") has the key " + key + "; expected "
                            + new java.util.TreeSet<>(KEYS));
                }
            }
            heads.add(head(head.toConfig(), origin, layers, dropout));
        }
        return heads;
    }

    private static HeadOptions head(Config head, Origin origin, List<Integer> layers, double dropout) {
        try {
            SortedMap<String, Double> weights = new TreeMap<>();
            ClassWeights named = ClassWeights.NONE;
            if (head.hasPath("classWeights")) {
                ConfigValue given = head.getValue("classWeights");
                if (given.valueType() == ConfigValueType.OBJECT) {
                    ((ConfigObject) given)
                            .forEach((label, weight) ->
                                    weights.put(label, Double.valueOf(String.valueOf(weight.unwrapped()))));
                } else {
                    named = ClassWeights.valueOf(head.getString("classWeights").toUpperCase(Locale.ROOT));
                }
            }
            return new HeadOptions(
                    head.getString("name"),
                    HeadTask.named(head.getString("task")),
                    texts(head, "input"),
                    texts(head, "dev"),
                    text(head, "textColumn", ""),
                    text(head, "pairColumn", ""),
                    text(head, "labelColumn", "label"),
                    texts(head, "labels"),
                    head.hasPath("layers") ? head.getIntList("layers") : layers,
                    head.hasPath("dropout") ? head.getDouble("dropout") : dropout,
                    named,
                    weights);
        } catch (com.typesafe.config.ConfigException | IllegalArgumentException e) {
            throw new ConfigException("A head (from " + origin.place() + "): " + e.getMessage(), e);
        }
    }

    private static String text(Config head, String key, String otherwise) {
        return head.hasPath(key) ? head.getString(key) : otherwise;
    }

    /** One text is a list of it. */
    private static List<String> texts(Config head, String key) {
        if (!head.hasPath(key)) {
            return List.of();
        }
        return head.getValue(key).valueType() == ConfigValueType.LIST
                ? head.getStringList(key)
                : List.of(head.getString(key));
    }
}
