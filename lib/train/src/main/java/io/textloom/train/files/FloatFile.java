package io.textloom.train.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Arrays of float32 one after the other, little-endian. */
public final class FloatFile {
    private static final int BUFFER_BYTES = 1 << 16;

    private FloatFile() {}

    public static void write(float[] values, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += BUFFER_BYTES / 4) {
            int length = Math.min(BUFFER_BYTES / 4, values.length - from);
            buffer.asFloatBuffer().put(values, from, length);
            out.write(buffer.array(), 0, 4 * length);
        }
    }

    /** @throws EOFException if there are fewer numbers than the array takes */
    public static void read(InputStream in, float[] values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += BUFFER_BYTES / 4) {
            int length = Math.min(BUFFER_BYTES / 4, values.length - from);
            if (in.readNBytes(buffer.array(), 0, 4 * length) < 4 * length) {
                throw new EOFException("the checkpoint is shorter than its parameters ask for");
            }
            buffer.asFloatBuffer().get(values, from, length);
        }
    }
}
