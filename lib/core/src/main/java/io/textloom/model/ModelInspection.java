package io.textloom.model;

import io.textloom.tensor.DataType;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model folder is, and what it can be used for, from its configuration and the headers of its weights alone.
 *
 * @param ref name, place, hash and the files that matter
 * @param modelType as config.json has it
 * @param shape its sizes by name, such as {@code layers}; empty if the architecture is not known
 * @param facts pooling, prompts, head, labels, chat template by name
 * @param dtypes elements of the weights by their type
 * @param jobs job → why it cannot use the model; empty where it can
 * @param ignored files of other formats, never opened
 */
public record ModelInspection(
        ModelRef ref,
        String modelType,
        SortedMap<String, Long> shape,
        Map<String, String> facts,
        SortedMap<DataType, Long> dtypes,
        SortedMap<String, String> jobs,
        List<String> ignored) {
    public ModelInspection {
        shape = new TreeMap<>(shape);
        dtypes = new TreeMap<>(dtypes);
        jobs = new TreeMap<>(jobs);
        ignored = List.copyOf(ignored);
    }

    /** Elements of all weights; 0 where they are in an ONNX file alone. */
    public long parameters() {
        return dtypes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Jobs that can use the model. */
    public List<String> servedJobs() {
        return jobs.entrySet().stream()
                .filter(job -> job.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What keys and values of one token take in float32, of decoders; 0 for encoders. Unit: bytes. */
    public long kvBytesPerToken() {
        return shape.getOrDefault("kvBytesPerToken", 0L);
    }
}
