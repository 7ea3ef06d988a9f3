package io.textloom.train.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A part of the encoded corpus: of each sentence its length and its unit numbers, seven bits a byte, the last with its high bit clear.
 */
public final class CorpusFile {
    private static final int BUFFER_BYTES = 1 << 16;

    private CorpusFile() {}

    /** Writes sentences. Not safe for concurrent use. */
    public static final class Writer implements Closeable {
        private final OutputStream out;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int size;

        public Writer(OutputStream out) {
            this.out = out;
        }

        /** @param ids the sentence in {@code [from, to)}; those below 0 are left out */
        public void sentence(int[] ids, int from, int to) {
            int length = 0;
            for (int i = from; i < to; i++) {
                length += ids[i] < 0 ? 0 : 1;
            }
            put(length);
            for (int i = from; i < to; i++) {
                if (ids[i] >= 0) {
                    put(ids[i]);
                }
            }
        }

        private void put(int number) {
            if (size > BUFFER_BYTES - 5) {
                flush();
            }
            int rest = number;
            while (rest > 0x7f) {
                buffer[size++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            buffer[size++] = (byte) rest;
        }

        private void flush() {
            try {
                out.write(buffer, 0, size);
                size = 0;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("Cannot write the encoded corpus", e);
            }
        }

        @Override
        public void close() throws IOException {
            flush();
            out.close();
        }
    }

    /** Reads numbers. Not safe for concurrent use. */
    public static final class Reader implements Closeable {
        private final InputStream in;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int at;
        private int end;

        public Reader(InputStream in) {
            this.in = in;
        }

        /** @return -1 at the end of the file */
        public int next() throws IOException {
            int number = 0;
            for (int shift = 0; ; shift += 7) {
                if (at == end) {
                    end = in.read(buffer);
                    at = 0;
                    if (end <= 0) {
                        end = 0;
                        if (shift == 0) {
                            return -1;
                        }
                        throw new IOException("the encoded corpus ends within a number");
                    }
                }
                byte b = buffer[at++];
                number |= (b & 0x7f) << shift;
                if (b >= 0) {
                    return number;
                }
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
