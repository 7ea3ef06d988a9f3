package io.textloom.train.word2vec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.TrainingFolder;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How far a training is, in its folder's {@code _textloom/work}: the encoded corpus, the prepared vocabulary, the parameters after the last whole epoch, and {@code state.json}, which is
 * renamed into place last and says which of them hold.
 */
final class Checkpoint {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WORK = "_textloom/work/";
    private static final String STATE = "state.json";
    private static final String VOCABULARY = "vocabulary.bin";
    private static final String CORPUS = "corpus";
    private static final int BUFFER_BYTES = 1 << 16;

    private final TrainingFolder folder;
    private final FileSystem fs;

    Checkpoint(TrainingFolder folder) {
        this.folder = folder;
        this.fs = folder.fileSystem();
    }

    /**
     * What {@code state.json} says.
     *
     * @param settings that the training was begun with
     * @param input fingerprint of the input; empty where it has none
     * @param epochs that are whole
     * @param seconds in preparation and training so far
     */
    record State(
            SortedMap<String, String> settings,
            String input,
            int epochs,
            SortedMap<String, Double> seconds,
            List<CurvePoint> curve) {}

    FileSystem fileSystem() {
        return fs;
    }

    Path corpus() {
        return new Path(folder.work(), CORPUS);
    }

    /** Empty if no training got as far as its first epoch. */
    Optional<State> state() {
        try {
            Path file = new Path(folder.work(), STATE);
            if (!fs.exists(file)) {
                return Optional.empty();
            }
            try (InputStream in = fs.open(file)) {
                return Optional.of(state(JSON.readTree(in)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the checkpoint in " + folder.work(), e);
        }
    }

    private static State state(JsonNode json) {
        SortedMap<String, String> settings = new TreeMap<>();
        json.path("settings")
                .properties()
                .forEach(e -> settings.put(e.getKey(), e.getValue().asText()));
        SortedMap<String, Double> seconds = new TreeMap<>();
        json.path("seconds")
                .properties()
                .forEach(e -> seconds.put(e.getKey(), e.getValue().asDouble()));
        List<CurvePoint> curve = new ArrayList<>();
        for (JsonNode point : json.path("curve")) {
            curve.add(new CurvePoint(
                    point.path(0).asInt(),
                    point.path(1).asLong(),
                    point.path(2).asDouble(),
                    point.path(3).asDouble(),
                    point.path(4).asDouble()));
        }
        return new State(
                settings, json.path("input").asText(""), json.path("epochs").asInt(), seconds, curve);
    }

    Prepared prepared() {
        try (DataInputStream in = new DataInputStream(
                new BufferedInputStream(fs.open(new Path(folder.work(), VOCABULARY)), BUFFER_BYTES))) {
            return Prepared.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the vocabulary in " + folder.work(), e);
        }
    }

    /** The parameters after {@code epochs}, at least 1. */
    void load(int epochs, VectorTable table) {
        try (InputStream in = fs.open(new Path(folder.work(), weights(epochs)))) {
            read(in, table.input);
            read(in, table.output);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the checkpoint in " + folder.work(), e);
        }
    }

    /** Keeps what is prepared, before the first epoch. */
    void begin(Prepared prepared, State state) {
        folder.write(WORK + VOCABULARY, out -> {
            DataOutputStream data = new DataOutputStream(out);
            prepared.write(data);
            data.flush();
        });
        write(state);
    }

    /** Keeps the parameters after an epoch; those before it go. */
    void save(VectorTable table, State state) {
        folder.write(WORK + weights(state.epochs()), out -> {
            write(table.input, out);
            write(table.output, out);
        });
        write(state);
        try {
            fs.delete(new Path(folder.work(), weights(state.epochs() - 1)), false);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clear " + folder.work(), e);
        }
    }

    private void write(State state) {
        ObjectNode json = JSON.createObjectNode();
        json.put("formatVersion", 1);
        json.put("task", Word2VecJob.TASK);
        json.put("input", state.input());
        json.put("epochs", state.epochs());
        ObjectNode settings = json.putObject("settings");
        for (Map.Entry<String, String> setting : state.settings().entrySet()) {
            settings.put(setting.getKey(), setting.getValue());
        }
        ObjectNode seconds = json.putObject("seconds");
        state.seconds().forEach(seconds::put);
        ArrayNode curve = json.putArray("curve");
        for (CurvePoint point : state.curve()) {
            curve.addArray()
                    .add(point.epoch())
                    .add(point.words())
                    .add(point.learningRate())
                    .add(point.loss())
                    .add(point.wordsPerSecond());
        }
        folder.write(
                WORK + STATE,
                out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json)));
    }

    private static String weights(int epochs) {
        return "epoch-" + epochs + ".weights";
    }

    private static void write(float[] values, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += BUFFER_BYTES / 4) {
            int length = Math.min(BUFFER_BYTES / 4, values.length - from);
            buffer.asFloatBuffer().put(values, from, length);
            out.write(buffer.array(), 0, 4 * length);
        }
    }

    private static void read(InputStream in, float[] values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += BUFFER_BYTES / 4) {
            int length = Math.min(BUFFER_BYTES / 4, values.length - from);
            if (in.readNBytes(buffer.array(), 0, 4 * length) < 4 * length) {
                throw new EOFException("the checkpoint is shorter than its vocabulary asks for");
            }
            buffer.asFloatBuffer().get(values, from, length);
        }
    }
}
