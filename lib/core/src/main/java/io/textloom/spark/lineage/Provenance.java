package io.textloom.spark.lineage;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What made the rows of one run.
 *
 * @param model as it was asked for in this run
 * @param versions of Textloom and what it runs on: name → version
 * @param devices that computed, as the executors say
 * @param seed of what is drawn at random; empty where nothing is
 * @param phaseSeconds plan (the input is read and shuffled, and what is done is left out), compute, commit
 * @param cost null where no price is configured
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Provenance(
        String model,
        SortedMap<String, String> versions,
        List<Device> devices,
        String seed,
        SortedMap<String, Double> phaseSeconds,
        @Nullable Cost cost) {
    public static final Provenance NONE = new Provenance("", new TreeMap<>(), List.of(), "", new TreeMap<>(), null);

    // parts that are empty are left out of the file
    @SuppressWarnings("NullAway")
    public Provenance {
        model = model == null ? "" : model;
        versions = versions == null ? new TreeMap<>() : versions;
        devices = devices == null ? List.of() : List.copyOf(devices);
        seed = seed == null ? "" : seed;
        phaseSeconds = phaseSeconds == null ? new TreeMap<>() : phaseSeconds;
    }

    /**
     * Machines or cards of one sort.
     *
     * @param name of the processor and its cores, or of the card
     * @param count executors that had the processor, or cards
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Device(String name, int count) {}
}
