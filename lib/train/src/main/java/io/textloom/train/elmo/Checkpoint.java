package io.textloom.train.elmo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.spark.train.TrainingFolder;
import io.textloom.token.train.TokenizerFiles;
import io.textloom.train.files.FloatFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a training goes on from, in its folder's {@code _textloom/work}: the tokenizer, the encoded corpus and what was counted of it; after some steps the parameters, the optimiser's moments, the carried states and the
 * documents under way.
 */
final class Checkpoint {
    private static final String WORK = "_textloom/work/";
    private static final String CORPUS = "corpus";
    private static final String TOKENIZER = "tokenizer/";
    private static final String TALLY = "tally.json";
    private static final int BUFFER_BYTES = 1 << 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TrainingFolder folder;
    private final FileSystem fs;

    Checkpoint(TrainingFolder folder) {
        this.folder = folder;
        this.fs = folder.fileSystem();
    }

    FileSystem fileSystem() {
        return fs;
    }

    Path corpus() {
        return new Path(folder.work(), CORPUS);
    }

    void write(SortedMap<String, byte[]> tokenizer) {
        tokenizer.forEach((name, bytes) -> folder.write(WORK + TOKENIZER + name, out -> out.write(bytes)));
    }

    void write(Tally tally) {
        try {
            byte[] json = JSON.writeValueAsBytes(tally.all());
            folder.write(WORK + TALLY, out -> out.write(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Plain numbers have no JSON", e);
        }
    }

    SortedMap<String, byte[]> tokenizer() {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try {
            for (FileStatus file : fs.listStatus(new Path(folder.work(), TOKENIZER))) {
                try (InputStream in = fs.open(file.getPath())) {
                    files.put(file.getPath().getName(), in.readAllBytes());
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        if (!files.containsKey(TokenizerFiles.TOKENIZER)) {
            throw unreadable(new IOException("it has no " + TokenizerFiles.TOKENIZER));
        }
        return files;
    }

    Tally tally() {
        try (InputStream in = fs.open(new Path(folder.work(), TALLY))) {
            return new Tally(JSON.readValue(in, new TypeReference<TreeMap<String, Long>>() {}));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** @param heldOut whether of the documents that are held out, or of those that are trained on */
    Corpus corpus(boolean heldOut, long seed) {
        List<String> parts = new ArrayList<>();
        for (int part = 0; part < Preparation.PARTS; part++) {
            parts.add(EncodeTask.part(part, heldOut));
        }
        return new Corpus(fs, corpus(), parts, seed);
    }

    void save(int steps, Net net, Streams streams, long taken) {
        folder.write(WORK + name(steps), out -> {
            DataOutputStream data = new DataOutputStream(out);
            data.writeLong(taken);
            streams.write(data);
            data.flush();
            for (float[] values : net.values()) {
                FloatFile.write(values, out);
            }
        });
    }

    /** @return documents that were taken from the corpus */
    long load(int steps, Net net, Streams streams) {
        try (InputStream in = new BufferedInputStream(fs.open(new Path(folder.work(), name(steps))), BUFFER_BYTES)) {
            DataInputStream data = new DataInputStream(in);
            long taken = data.readLong();
            streams.read(data);
            List<float[]> values = net.values();
            for (float[] array : values) {
                FloatFile.read(in, array);
            }
            net.take(values);
            return taken;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** What was kept after some steps is not needed any more. */
    void forget(int steps) {
        try {
            fs.delete(new Path(folder.work(), name(steps)), false);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clear " + folder.work(), e);
        }
    }

    private UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException(
                "Cannot read the checkpoint in " + folder.work() + "; --mode overwrite starts the training anew", e);
    }

    private static String name(int steps) {
        return "step-" + steps + ".state";
    }
}
