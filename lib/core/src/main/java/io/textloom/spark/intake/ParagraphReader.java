package io.textloom.spark.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.util.LineReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Streams the paragraphs of one text file: lines up to the next blank one, joined by line feeds. Blank lines are separators, not documents.
 *
 * <p>Rows are {@code (value binary, path string, line long)} with the number of the paragraph's first line.
 */
final class ParagraphReader implements Iterator<Row>, AutoCloseable {
    private final String path;
    private final LineReader lines;
    private final Text line = new Text();
    private final ByteArrayOutputStream paragraph = new ByteArrayOutputStream();
    private final int kept;
    private long lineNumber;
    private long firstLine;
    private boolean ready;
    private boolean ended;

    /** @param kept bytes of a paragraph that are kept at most */
    ParagraphReader(String path, int kept, Configuration conf) {
        this.path = path;
        this.kept = kept;
        try {
            Path file = new Path(path);
            InputStream in = file.getFileSystem(conf).open(file);
            CompressionCodec codec = new CompressionCodecFactory(conf).getCodec(file);
            lines = new LineReader(codec == null ? in : codec.createInputStream(in), conf);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        }
    }

    @Override
    public boolean hasNext() {
        if (!ready && !ended) {
            advance();
        }
        return ready;
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException(path);
        }
        ready = false;
        byte[] bytes = paragraph.toByteArray();
        paragraph.reset();
        return RowFactory.create(bytes, path, firstLine);
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close " + path, e);
        }
    }

    private void advance() {
        try {
            while (lines.readLine(line, kept, Integer.MAX_VALUE) > 0) {
                lineNumber++;
                int start = lineNumber == 1 && startsWithByteOrderMark() ? 3 : 0;
                if (!blank(start)) {
                    if (paragraph.size() == 0) {
                        firstLine = lineNumber;
                    } else {
                        paragraph.write('\n');
                    }
                    int room = Math.max(0, kept - paragraph.size());
                    paragraph.write(line.getBytes(), start, Math.min(room, line.getLength() - start));
                } else if (paragraph.size() > 0) {
                    ready = true;
                    return;
                }
            }
        } catch (IOException e) {
            throw new InputException(
                    "Cannot read " + path + " behind line " + lineNumber + ": " + e.getMessage()
                            + "; the file is damaged",
                    e);
        }
        ended = true;
        ready = paragraph.size() > 0;
        close();
    }

    private boolean startsWithByteOrderMark() {
        byte[] b = line.getBytes();
        return line.getLength() >= 3 && b[0] == (byte) 0xef && b[1] == (byte) 0xbb && b[2] == (byte) 0xbf;
    }

    private boolean blank(int start) {
        byte[] bytes = line.getBytes();
        for (int i = start; i < line.getLength(); i++) {
            if (bytes[i] != ' ' && (bytes[i] < '\t' || bytes[i] > '\r')) {
                return false;
            }
        }
        return true;
    }
}
