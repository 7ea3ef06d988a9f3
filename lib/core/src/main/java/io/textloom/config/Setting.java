package io.textloom.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One row of the settings table.
 *
 * @param key {@code embed.maxTokens}; common keys have no dot
 * @param unit {@code tokens}, or empty
 * @param defaultText the default as it would be written on the command line; empty for none
 * @param defaultsByJob defaults of the jobs that have one of their own
 * @param choices what an {@link ValueType#ENUM} may be; else empty
 * @param help one sentence or two
 * @param jobs the jobs that have this setting
 */
public record Setting(
        String key,
        ValueType type,
        String unit,
        String defaultText,
        Map<Job, String> defaultsByJob,
        List<String> choices,
        String help,
        Set<Job> jobs) {
    public Setting {
        defaultsByJob = Map.copyOf(defaultsByJob);
        choices = List.copyOf(choices);
        jobs = Set.copyOf(jobs);
    }

    /** {@code --max-tokens} */
    public String option() {
        return Names.option(key);
    }

    /** {@code TEXTLOOM_EMBED_MAX_TOKENS} */
    public String variable() {
        return Names.variable(key);
    }

    public boolean appliesTo(Job job) {
        return jobs.contains(job);
    }

    public String defaultText(Job job) {
        return defaultsByJob.getOrDefault(job, defaultText);
    }

    /** The default as a value. */
    public Object defaultValue(Job job) {
        return read(defaultText(job), Origin.DEFAULT);
    }

    /** What stands for the value in a usage line: {@code INT}, {@code model|mean|cls|max}. */
    public String label() {
        return choices.isEmpty() ? type.label() : String.join("|", choices);
    }

    /** @throws ConfigException if the text is not of this setting's type; says where it came from */
    Object read(String text, Origin origin) {
        Object value;
        try {
            value = type.read(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(found('"' + text + '"', origin) + expected(), e);
        }
        if (type == ValueType.ENUM && !choices.contains(value)) {
            String near = NearestName.of(String.valueOf(value), choices)
                    .map(choice -> "; did you mean " + choice + "?")
                    .orElse("");
            throw new ConfigException(found('"' + text + '"', origin) + expected() + near);
        }
        return value;
    }

    /** @param found what stands where the value should: {@code a list} */
    ConfigException mismatch(String found, Origin origin) {
        return new ConfigException(found(found, origin) + expected());
    }

    private String found(String found, Origin origin) {
        return key + " is " + found + " (from " + origin.place() + ")";
    }

    private String expected() {
        String what = choices.isEmpty() ? type.expected() : "one of " + String.join(", ", choices);
        return "; expected " + what + (unit.isEmpty() ? "" : ", unit: " + unit);
    }
}
