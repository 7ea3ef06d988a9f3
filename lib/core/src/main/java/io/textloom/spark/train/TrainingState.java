package io.textloom.spark.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.util.List;
import java.util.SortedMap;

/**
 * {@code _textloom/work/state.json}: how far a training is that has not ended.
 *
 * @param task what is trained
 * @param settings that it was begun with, without those that may change on the way
 * @param input fingerprint of the input; empty where it has none
 * @param done epochs or steps whose result is kept beside it
 * @param seconds phase → time so far
 */
public record TrainingState(
        int formatVersion,
        String task,
        SortedMap<String, String> settings,
        String input,
        long done,
        SortedMap<String, Double> seconds,
        List<CurvePoint> curve) {
    public static final int FORMAT_VERSION = 2;

    static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectWriter WRITER = JSON.writerWithDefaultPrettyPrinter();

    byte[] bytes() {
        try {
            return WRITER.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A state of plain numbers and texts has no JSON", e);
        }
    }
}
