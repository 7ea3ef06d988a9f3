package io.textloom.train.word2vec;

import io.textloom.spark.train.TrainingFolder;
import io.textloom.train.files.FloatFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a training goes on from, in its folder's {@code _textloom/work}: the encoded corpus, the prepared vocabulary, and the parameters after the last whole epoch; {@code state.json}, which is
 * written after them, says which hold.
 */
final class Checkpoint {
    private static final String WORK = "_textloom/work/";
    private static final String VOCABULARY = "vocabulary.bin";
    private static final String CORPUS = "corpus";
    private static final int BUFFER_BYTES = 1 << 16;

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
            FloatFile.read(in, table.input);
            FloatFile.read(in, table.output);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the checkpoint in " + folder.work(), e);
        }
    }

    /** Keeps what is prepared, before the first epoch. */
    void begin(Prepared prepared) {
        folder.write(WORK + VOCABULARY, out -> {
            DataOutputStream data = new DataOutputStream(out);
            prepared.write(data);
            data.flush();
        });
    }

    /** Keeps the parameters after an epoch. */
    void save(VectorTable table, int epochs) {
        folder.write(WORK + weights(epochs), out -> {
            FloatFile.write(table.input, out);
            FloatFile.write(table.output, out);
        });
    }

    /** The parameters after an epoch are not needed any more. */
    void forget(int epochs) {
        try {
            fs.delete(new Path(folder.work(), weights(epochs)), false);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clear " + folder.work(), e);
        }
    }

    private static String weights(int epochs) {
        return "epoch-" + epochs + ".weights";
    }
}
