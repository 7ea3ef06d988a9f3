package io.textloom.embed;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Windows and their vectors as bytes, for those that are computed on another machine than the one that cut them. */
public final class WindowCodec {
    private WindowCodec() {}

    public static void write(Window window, DataOutput out) throws IOException {
        out.writeInt(window.textTokens());
        write(window.ids(), out);
        write(window.starts(), out);
        write(window.ends(), out);
    }

    public static Window readWindow(DataInput in) throws IOException {
        int textTokens = in.readInt();
        return new Window(readInts(in), textTokens, readInts(in), readInts(in));
    }

    /** @param vectors not rejected */
    public static void write(WindowVectors vectors, DataOutput out) throws IOException {
        write(vectors.vector(), out);
        write(vectors.tokens(), out);
    }

    public static WindowVectors readVectors(DataInput in) throws IOException {
        return new WindowVectors(readFloats(in), readFloats(in));
    }

    private static void write(int[] values, DataOutput out) throws IOException {
        out.writeInt(values.length);
        for (int value : values) {
            out.writeInt(value);
        }
    }

    private static void write(float[] values, DataOutput out) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static int[] readInts(DataInput in) throws IOException {
        int[] values = new int[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readInt();
        }
        return values;
    }

    private static float[] readFloats(DataInput in) throws IOException {
        float[] values = new float[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }
}
