package io.textloom.train.heads;

import io.textloom.spark.train.TrainingFolder;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.fs.Path;

/** What a training goes on from, in its folder's {@code _textloom/work}: the vectors, what they are, and the nets after the last whole epoch; {@code state.json}, which is written after them, says which hold. */
final class Checkpoint {
    private static final String WORK = "_textloom/work/";
    private static final String PREPARED = "prepared.bin";
    private static final String VECTORS = "vectors";
    private static final int BUFFER_BYTES = 1 << 16;

    private final TrainingFolder folder;

    Checkpoint(TrainingFolder folder) {
        this.folder = folder;
    }

    Path vectors() {
        return new Path(folder.work(), VECTORS);
    }

    void begin(Prepared prepared) {
        folder.write(WORK + PREPARED, out -> {
            DataOutputStream data = new DataOutputStream(out);
            prepared.write(data);
            data.flush();
        });
    }

    Prepared prepared() {
        try (DataInputStream in = open(PREPARED)) {
            return Prepared.read(in);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Keeps the nets and the course of the training after an epoch. */
    void save(int epochs, HeadTrainer trainer, Course course) {
        folder.write(WORK + nets(epochs), out -> {
            DataOutputStream data = new DataOutputStream(out);
            course.write(data);
            data.writeInt(trainer.last());
            for (int head = 0; head < course.heads(); head++) {
                HeadState state = trainer.state(head);
                data.writeInt(state.steps());
                data.writeInt(state.epochs());
                write(data, state.parameters());
                write(data, state.updater());
            }
            data.flush();
        });
    }

    /** The nets and the course after {@code epochs}, at least 1. */
    Course load(int epochs, HeadTrainer trainer) {
        try (DataInputStream in = open(nets(epochs))) {
            Course course = Course.read(in);
            trainer.loadLast(in.readInt());
            for (int head = 0; head < course.heads(); head++) {
                int steps = in.readInt();
                int epochsOfNet = in.readInt();
                float[] parameters = read(in);
                trainer.load(head, new HeadState(parameters, read(in), steps, epochsOfNet));
            }
            return course;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The nets after an epoch are not needed any more. */
    void forget(int epochs) {
        try {
            folder.fileSystem().delete(new Path(folder.work(), nets(epochs)), false);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clear " + folder.work(), e);
        }
    }

    private DataInputStream open(String name) throws IOException {
        return new DataInputStream(
                new BufferedInputStream(folder.fileSystem().open(new Path(folder.work(), name)), BUFFER_BYTES));
    }

    private UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("Cannot read the checkpoint in " + folder.work(), e);
    }

    private static String nets(int epochs) {
        return "epoch-" + epochs + ".nets";
    }

    static void write(DataOutputStream out, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        bytes.asFloatBuffer().put(values);
        out.writeInt(values.length);
        out.write(bytes.array());
    }

    static float[] read(DataInputStream in) throws IOException {
        float[] values = new float[in.readInt()];
        byte[] bytes = new byte[4 * values.length];
        in.readFully(bytes);
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }
}
