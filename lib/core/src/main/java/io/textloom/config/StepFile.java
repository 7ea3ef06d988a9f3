package io.textloom.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A HOCON file of several jobs in their order: a list {@code steps} of objects with {@code job}, if wanted {@code name}, and settings of that job. Settings beside the
 * list hold for every step whose job has them.
 */
public final class StepFile {
    private static final String STEPS = "steps";
    private static final String JOB = "job";
    private static final String NAME = "name";
    private static final Set<Job> NO_STEPS = EnumSet.of(Job.DOCTOR);

    private final List<ResolvedValue> shared;
    private final Sources sources;
    private final Set<String> names = new HashSet<>();

    private StepFile(List<ResolvedValue> shared, Sources sources) {
        this.shared = shared;
        this.sources = sources;
    }

    /**
     * One job of several.
     *
     * @param name the job's own where none is given
     */
    public record Step(String name, ResolvedSettings settings) {}

    /**
     * The steps with all their settings.
     *
     * @param sources what was told beside the file; an assignment holds for every step whose job has that setting
     * @throws ConfigException if the file is missing or no HOCON, has no steps, a step has no job, two have one name, a key is unknown or a value of the wrong type
     */
    public static List<Step> read(Path path, Sources sources) {
        if (!Files.isRegularFile(path)) {
            throw new ConfigException(path + " is not a file; give the path of a HOCON file with a list of steps");
        }
        ConfigObject root = ConfigFile.parse(path);
        ConfigValue steps = root.get(STEPS);
        if (!(steps instanceof ConfigList list) || list.isEmpty()) {
            throw new ConfigException(path + " has no steps; expected steps = [{job = tokenize, …}, …]");
        }
        StepFile file = new StepFile(ConfigFile.values(root.withoutKey(STEPS)), sources);
        List<Step> read = new ArrayList<>(list.size());
        for (ConfigValue step : list) {
            read.add(file.step(step));
        }
        file.requireUsed(read);
        return List.copyOf(read);
    }

    private Step step(ConfigValue value) {
        Origin origin = ConfigFile.originOf(value);
        if (!(value instanceof ConfigObject step)) {
            throw new ConfigException(
                    "A step (from " + origin.place() + ") is " + value.render() + "; expected {job = …, …}");
        }
        Job job = job(step, origin);
        String name = text(step, NAME).orElse(job.title());
        if (!names.add(name)) {
            throw new ConfigException("Two steps have the name " + name + ", the second from " + origin.place()
                    + "; give one of them another by name = …");
        }
        List<ResolvedValue> told = new ArrayList<>(shared);
        for (ResolvedValue own : ConfigFile.values(step.withoutKey(JOB).withoutKey(NAME))) {
            KnownSettings.requireOf(job, own.setting().key(), own.origin());
            told.add(own);
        }
        return new Step(name, SettingsResolver.resolve(job, told, sources.withAssignments(assignmentsOf(job))));
    }

    private static Job job(ConfigObject step, Origin origin) {
        List<String> jobs = Arrays.stream(Job.values())
                .filter(job -> !NO_STEPS.contains(job))
                .map(Job::title)
                .toList();
        String title = text(step, JOB)
                .orElseThrow(() -> new ConfigException("A step (from " + origin.place()
                        + ") has no job; expected job = one of " + String.join(", ", jobs)));
        if (!jobs.contains(title)) {
            throw new ConfigException("A step (from " + origin.place() + ") has the job " + title + "; expected one of "
                    + String.join(", ", jobs));
        }
        return Job.valueOf(title.toUpperCase(Locale.ROOT));
    }

    private static Optional<String> text(ConfigObject step, String key) {
        ConfigValue value = step.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value.valueType() != ConfigValueType.STRING) {
            throw new ConfigException(key + " (from "
                    + ConfigFile.originOf(value).place() + ") is " + value.render() + "; expected a text");
        }
        return Optional.of(String.valueOf(value.unwrapped()));
    }

    private List<String> assignmentsOf(Job job) {
        return sources.assignments().stream()
                .filter(assignment -> Settings.find(key(assignment))
                        .map(setting -> setting.appliesTo(job))
                        .orElse(true))
                .toList();
    }

    private static String key(String assignment) {
        int equals = assignment.indexOf('=');
        return equals < 0 ? assignment : assignment.substring(0, equals).strip();
    }

    /** What no step can use is most likely written for another file. */
    private void requireUsed(List<Step> steps) {
        Set<String> used = new TreeSet<>();
        steps.forEach(step -> used.addAll(step.settings().values().keySet()));
        for (String assignment : sources.assignments()) {
            if (!used.contains(key(assignment))) {
                throw new ConfigException(
                        "--set " + key(assignment) + " is a setting of none of the steps; leave it out");
            }
        }
    }
}
