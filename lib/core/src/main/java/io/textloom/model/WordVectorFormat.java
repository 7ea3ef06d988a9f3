package io.textloom.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/** The two formats of the released word2vec: a line with the number of words and of dimensions, then word by word a name, a space and the numbers. */
public enum WordVectorFormat {
    /** Numbers as decimals; a line for each word. */
    TEXT {
        @Override
        void write(OutputStream out, String word, float[] vector) throws IOException {
            StringBuilder line = new StringBuilder(word);
            for (float value : vector) {
                line.append(' ').append(value);
            }
            out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        }
    },
    /** Numbers as little-endian floats, and a line break behind each word's. */
    BINARY {
        @Override
        void write(OutputStream out, String word, float[] vector) throws IOException {
            out.write((word + " ").getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length + 1).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            bytes.put(4 * vector.length, (byte) '\n');
            out.write(bytes.array());
        }
    };

    abstract void write(OutputStream out, String word, float[] vector) throws IOException;

    /** @param words without spaces or line breaks, by number */
    public void write(OutputStream out, int count, int dimensions, IntFunction<String> words, Safetensors.Rows vectors)
            throws IOException {
        out.write((count + " " + dimensions + "\n").getBytes(StandardCharsets.UTF_8));
        float[] vector = new float[dimensions];
        for (int i = 0; i < count; i++) {
            vectors.next(vector);
            write(out, words.apply(i), vector);
        }
    }
}
