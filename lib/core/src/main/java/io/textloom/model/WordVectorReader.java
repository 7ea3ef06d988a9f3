package io.textloom.model;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Reads word vectors as the released word2vec, gensim and fastText write them, text ({@code .vec}, {@code .txt}) or binary ({@code .bin}), one word at a time. Not safe for concurrent use. */
final class WordVectorReader implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_LINE_BYTES = 1 << 24;
    private static final int MAX_WORD_BYTES = 1 << 16;
    private static final int SHOWN = 40;

    private final InputStream in;
    private final String file;
    private final WordVectorFormat format;
    private final int words;
    private final int dimensions;
    private final float[] vector;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int read;

    private WordVectorReader(InputStream in, String file, WordVectorFormat format) throws IOException {
        this.in = in;
        this.file = file;
        this.format = format;
        String header = line(MAX_WORD_BYTES).strip();
        String[] sizes = header.split("\\s+");
        this.words = sizes.length == 2 ? size(sizes[0]) : 0;
        this.dimensions = sizes.length == 2 ? size(sizes[1]) : 0;
        if (words < 1 || dimensions < 1) {
            throw new ModelException(file + " begins with \"" + header.substring(0, Math.min(SHOWN, header.length()))
                    + "\"; expected a line with the number of words and of dimensions, up to " + ConfigValues.MAX_SIZE
                    + ", as word2vec, gensim and fastText write it");
        }
        this.vector = new float[dimensions];
    }

    /** @return 0 if it is none */
    private static int size(String text) {
        try {
            int size = Integer.parseInt(text);
            return size > ConfigValues.MAX_SIZE ? 0 : size;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Whether a name is one of a file of word vectors, compressed by gzip or not. */
    static boolean isNamedSo(String name) {
        String lower = plain(name);
        return lower.endsWith(".vec") || lower.endsWith(".txt") || lower.endsWith(".bin");
    }

    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
    }

    /** @param raw closed with the reader */
    static WordVectorReader open(InputStream raw, String name) throws IOException {
        InputStream in = name.toLowerCase(Locale.ROOT).endsWith(".gz") ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
        return new WordVectorReader(
                new BufferedInputStream(in, BUFFER_BYTES),
                name,
                plain(name).endsWith(".bin") ? WordVectorFormat.BINARY : WordVectorFormat.TEXT);
    }

    int words() {
        return words;
    }

    int dimensions() {
        return dimensions;
    }

    /** Of the word that was read last; overwritten by the next. */
    float[] vector() {
        return vector;
    }

    /** @return the next word; {@link #vector} is then its vector */
    String next() throws IOException {
        String word = format == WordVectorFormat.TEXT ? nextText() : nextBinary();
        read++;
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                throw damaged("the vector of " + word + " has a number that is not finite");
            }
        }
        return word;
    }

    /** The word is what stands before the last {@link #dimensions} fields. */
    private String nextText() throws IOException {
        String line = line(MAX_LINE_BYTES).stripTrailing();
        int end = line.length();
        for (int d = dimensions - 1; d >= 0; d--) {
            int space = line.lastIndexOf(' ', end - 1);
            if (space < 1) {
                throw damaged("a line has fewer than " + dimensions + " numbers");
            }
            try {
                vector[d] = Float.parseFloat(line.substring(space + 1, end));
            } catch (NumberFormatException e) {
                throw damaged("a line has " + line.substring(space + 1, end) + " where a number should be");
            }
            end = space;
        }
        return line.substring(0, end);
    }

    private String nextBinary() throws IOException {
        bytes.reset();
        for (int b = in.read(); b != ' '; b = in.read()) {
            if (b < 0) {
                throw damaged("it ends early");
            }
            if (bytes.size() > MAX_WORD_BYTES) {
                throw damaged("a word has more than " + MAX_WORD_BYTES + " bytes");
            }
            if (b != '\n' || bytes.size() > 0) {
                bytes.write(b);
            }
        }
        byte[] numbers = in.readNBytes(4 * dimensions);
        if (numbers.length < 4 * dimensions) {
            throw damaged("it ends early");
        }
        ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private String line(int most) throws IOException {
        bytes.reset();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (bytes.size() == 0) {
                    throw new EOFException(file + " ends early");
                }
                break;
            }
            if (bytes.size() > most) {
                throw new ModelException(file + " has a line of more than " + most + " bytes; expected word vectors");
            }
            bytes.write(b);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private ModelException damaged(String what) {
        return new ModelException("In " + file + ", behind word " + read + " of " + words + ", " + what
                + "; the file is damaged or of another format, copy it again");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
