package io.textloom.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a run was told, lowest precedence first.
 *
 * @param file HOCON
 * @param sparkProperties all Spark properties; those of {@code spark.textloom.} count
 * @param environment all environment variables; those of {@code TEXTLOOM_} count
 * @param assignments {@code key=value}
 * @param options key → the texts given to its named option
 */
public record Sources(
        Optional<Path> file,
        Map<String, String> sparkProperties,
        Map<String, String> environment,
        List<String> assignments,
        Map<String, List<String>> options) {
    public static final Sources NONE = new Sources(Optional.empty(), Map.of(), Map.of(), List.of(), Map.of());

    public Sources {
        sparkProperties = Map.copyOf(sparkProperties);
        environment = Map.copyOf(environment);
        assignments = List.copyOf(assignments);
        options = Map.copyOf(options);
    }

    public Sources withFile(Path path) {
        return new Sources(Optional.of(path), sparkProperties, environment, assignments, options);
    }

    public Sources withSparkProperties(Map<String, String> properties) {
        return new Sources(file, properties, environment, assignments, options);
    }

    public Sources withEnvironment(Map<String, String> variables) {
        return new Sources(file, sparkProperties, variables, assignments, options);
    }

    public Sources withAssignments(List<String> keysAndValues) {
        return new Sources(file, sparkProperties, environment, keysAndValues, options);
    }

    public Sources withOptions(Map<String, List<String>> textsByKey) {
        return new Sources(file, sparkProperties, environment, assignments, textsByKey);
    }
}
