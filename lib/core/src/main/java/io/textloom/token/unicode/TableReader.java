package io.textloom.token.unicode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads the files that unicode_tables.py writes; it describes them. */
final class TableReader {
    static final int CODE_POINTS = Character.MAX_CODE_POINT + 1;

    private static final int MAGIC = 'T' << 24 | 'X' << 16 | 'L' << 8 | 'U';
    private static final int FORMAT = 1;

    private final ByteBuffer data;

    private TableReader(ByteBuffer data) {
        this.data = data;
    }

    static TableReader open(String name) {
        try (InputStream in = TableReader.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("Resource " + name + " is missing beside " + TableReader.class
                        + "; unicode_tables.py writes it");
            }
            TableReader reader = new TableReader(ByteBuffer.wrap(in.readAllBytes()));
            if (reader.data.getInt() != MAGIC || reader.data.get() != FORMAT) {
                throw new IllegalStateException("Resource " + name + " is not a table of format " + FORMAT
                        + "; write it again with unicode_tables.py");
            }
            int sources = reader.number();
            reader.data.position(reader.data.position() + sources);
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read resource " + name, e);
        }
    }

    /** Unsigned LEB128. */
    int number() {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = data.get();
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    private int signed() {
        int value = number();
        return value >>> 1 ^ -(value & 1);
    }

    /** One value for each code point. */
    int[] runs() {
        int[] values = new int[CODE_POINTS];
        int at = 0;
        for (int runs = number(); runs > 0; runs--) {
            int end = at + number();
            Arrays.fill(values, at, end, number());
            at = end;
        }
        return values;
    }

    /** Keys in ascending order, each with a short text. */
    void strings(StringSink sink) {
        int key = 0;
        for (int left = number(); left > 0; left--) {
            key += number();
            int[] text = new int[number()];
            int at = key;
            for (int i = 0; i < text.length; i++) {
                at += signed();
                text[i] = at;
            }
            sink.accept(key, text);
        }
    }

    interface StringSink {
        void accept(int codePoint, int[] text);
    }
}
