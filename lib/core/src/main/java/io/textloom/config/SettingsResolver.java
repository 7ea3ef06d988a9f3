package io.textloom.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts what a run was told in its order of precedence, lowest first: built-in default, configuration file, Spark
 * property, environment, assignment, named option.
 */
public final class SettingsResolver {
    private static final String SPARK_PREFIX = "spark.textloom.";

    private SettingsResolver() {}

    /**
     * Every setting of the job. Files, Spark properties and the environment may hold settings of other jobs too;
     * assignments and options may not.
     *
     * @throws ConfigException for an unknown key or a value of the wrong type
     */
    public static ResolvedSettings resolve(Job job, Sources sources) {
        return resolve(job, sources.file().map(ConfigFile::read).orElse(List.of()), sources);
    }

    /** @param fromFile in place of the sources' file */
    static ResolvedSettings resolve(Job job, List<ResolvedValue> fromFile, Sources sources) {
        TreeMap<String, ResolvedValue> values = new TreeMap<>();
        for (Setting setting : Settings.of(job)) {
            values.put(setting.key(), new ResolvedValue(setting, setting.defaultValue(job), Origin.DEFAULT));
        }
        List<ResolvedValue> told = new ArrayList<>(fromFile);
        told.addAll(fromSpark(sources.sparkProperties()));
        told.addAll(fromEnvironment(sources.environment()));
        for (String assignment : sources.assignments()) {
            told.add(assigned(job, assignment));
        }
        for (Map.Entry<String, List<String>> option : sources.options().entrySet()) {
            told.add(fromOption(job, option.getKey(), option.getValue()));
        }
        for (ResolvedValue value : told) {
            if (value.setting().appliesTo(job)) {
                values.put(value.setting().key(), value);
            }
        }
        return new ResolvedSettings(job, values);
    }

    private static List<ResolvedValue> fromSpark(Map<String, String> properties) {
        List<ResolvedValue> values = new ArrayList<>();
        for (Map.Entry<String, String> property : new TreeMap<>(properties).entrySet()) {
            if (property.getKey().startsWith(SPARK_PREFIX)) {
                Origin origin = Origin.spark(property.getKey());
                Setting setting = KnownSettings.require(property.getKey().substring(SPARK_PREFIX.length()), origin);
                values.add(new ResolvedValue(setting, setting.read(property.getValue(), origin), origin));
            }
        }
        return values;
    }

    /** An empty variable counts as unset. */
    private static List<ResolvedValue> fromEnvironment(Map<String, String> variables) {
        List<ResolvedValue> values = new ArrayList<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(variables).entrySet()) {
            String name = variable.getKey();
            if (name.startsWith(Names.VARIABLE_PREFIX)
                    && !variable.getValue().isEmpty()
                    && !KnownSettings.OTHER_VARIABLES.contains(name)) {
                Origin origin = Origin.environment(name);
                Setting setting = KnownSettings.requireVariable(name);
                values.add(new ResolvedValue(setting, setting.read(variable.getValue(), origin), origin));
            }
        }
        return values;
    }

    private static ResolvedValue assigned(Job job, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new ConfigException("--set " + assignment + " has no value; expected --set key=value");
        }
        String key = assignment.substring(0, equals).strip();
        Origin origin = Origin.assignment(key);
        Setting setting = KnownSettings.requireOf(job, key, origin);
        return new ResolvedValue(setting, setting.read(assignment.substring(equals + 1), origin), origin);
    }

    private static ResolvedValue fromOption(Job job, String key, List<String> texts) {
        Origin origin = Origin.option(Names.option(key));
        Setting setting = KnownSettings.requireOf(job, key, origin);
        if (!setting.type().isList()) {
            if (texts.size() != 1) {
                throw new ConfigException(origin.place() + " is given " + texts.size() + " times; expected once");
            }
            return new ResolvedValue(setting, setting.read(texts.get(0), origin), origin);
        }
        List<String> items = new ArrayList<>();
        for (String text : texts) {
            for (Object item : (List<?>) setting.read(text, origin)) {
                items.add(String.valueOf(item));
            }
        }
        return new ResolvedValue(setting, List.copyOf(items), origin);
    }
}
