package io.textloom.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the setting that a name stands for, or says which one was meant. */
final class KnownSettings {
    /** Variables of the launcher, of the scripts and of the command line itself. */
    static final Set<String> OTHER_VARIABLES = Set.of(
            "TEXTLOOM_CACHE",
            "TEXTLOOM_DEBUG",
            "TEXTLOOM_GPU_ADDRESSES",
            "TEXTLOOM_HEAP",
            "TEXTLOOM_JARS",
            "TEXTLOOM_JAVA_OPTS",
            "TEXTLOOM_SPARK_PROPERTIES",
            "TEXTLOOM_TERMINAL");

    private KnownSettings() {}

    static Setting require(String key, Origin origin) {
        return Settings.find(key).orElseThrow(() -> unknown(key, origin));
    }

    /** As {@link #require}, and the setting must be one of this job. */
    static Setting requireOf(Job job, String key, Origin origin) {
        Optional<Setting> known = Settings.find(key);
        if (known.isPresent() && !known.get().appliesTo(job)) {
            List<String> jobs = Arrays.stream(Job.values())
                    .filter(known.get()::appliesTo)
                    .map(Job::title)
                    .toList();
            throw new ConfigException(key + " (from " + origin.place() + ") is a setting of " + String.join(", ", jobs)
                    + " and does nothing in " + job.title() + "; leave it out");
        }
        return known.orElseThrow(() -> unknown(key, origin, ofJobFirst(job)));
    }

    static Setting requireVariable(String variable) {
        return Settings.all().stream()
                .filter(setting -> setting.variable().equals(variable))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> names = new ArrayList<>(
                            Settings.all().stream().map(Setting::variable).toList());
                    names.addAll(OTHER_VARIABLES);
                    return new ConfigException(
                            "Unknown environment variable " + variable + suggestion(variable, names));
                });
    }

    private static ConfigException unknown(String key, Origin origin) {
        return unknown(key, origin, Settings.all().stream().map(Setting::key).toList());
    }

    private static ConfigException unknown(String key, Origin origin, List<String> candidates) {
        String found = "Unknown setting " + key + " (from " + origin.place() + ")";
        if (key.startsWith("spark.")) {
            return new ConfigException(found + "; of Spark's settings only spark.partitions belongs here, "
                    + "give the others to Spark itself: spark-submit --conf, or a properties file");
        }
        return new ConfigException(found + suggestion(key, candidates));
    }

    private static List<String> ofJobFirst(Job job) {
        List<String> keys =
                new ArrayList<>(Settings.of(job).stream().map(Setting::key).toList());
        Settings.all().stream().map(Setting::key).forEach(keys::add);
        return keys;
    }

    private static String suggestion(String name, List<String> candidates) {
        return NearestName.of(name, candidates)
                .map(near -> "; did you mean " + near + "?")
                .orElse("; --help lists the settings of each job");
    }
}
