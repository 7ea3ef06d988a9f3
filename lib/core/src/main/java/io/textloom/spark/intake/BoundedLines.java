package io.textloom.spark.intake;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CodecPool;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.io.compress.Decompressor;
import org.apache.hadoop.io.compress.SplitCompressionInputStream;
import org.apache.hadoop.io.compress.SplittableCompressionCodec;
import org.apache.hadoop.mapreduce.lib.input.CompressedSplitLineReader;
import org.apache.hadoop.mapreduce.lib.input.SplitLineReader;
import org.apache.hadoop.mapreduce.lib.input.UncompressedSplitLineReader;
import org.jspecify.annotations.Nullable;

/**
 * The lines that begin in a part of a file, as Hadoop's own reader finds them: a line belongs to the part in which it begins, the first part skips a byte order mark. Of a
 * line that is too long its beginning is given, the rest is passed over without being held.
 */
final class BoundedLines implements Closeable {
    /** A line is passed over in one piece. */
    private static final int MOST_BYTES = Integer.MAX_VALUE - (1 << 20);

    private final Path path;
    private final int kept;
    private final FSDataInputStream file;
    private final @Nullable Decompressor decompressor;
    private final SplitLineReader lines;
    /** Null where the place in the lines is that in the file. */
    private final @Nullable Seekable place;

    private final Text line = new Text();
    private final long end;
    private long position;

    /**
     * @param start unit: bytes of the file as stored
     * @param kept most bytes of a line that are given
     */
    BoundedLines(Path path, long start, long length, int kept, Configuration conf) throws IOException {
        this.path = path;
        this.kept = kept;
        file = path.getFileSystem(conf).open(path);
        CompressionCodec codec = new CompressionCodecFactory(conf).getCodec(path);
        decompressor = codec == null ? null : CodecPool.getDecompressor(codec);
        boolean opened = false;
        try {
            if (codec instanceof SplittableCompressionCodec splittable) {
                SplitCompressionInputStream in = splittable.createInputStream(
                        file, decompressor, start, start + length, SplittableCompressionCodec.READ_MODE.BYBLOCK);
                lines = new CompressedSplitLineReader(in, conf, null);
                position = in.getAdjustedStart();
                end = in.getAdjustedEnd();
                place = in;
            } else if (codec != null) {
                InputStream in = codec.createInputStream(file, decompressor);
                lines = new SplitLineReader(in, conf, null);
                position = start;
                end = start + length;
                place = file;
            } else {
                file.seek(start);
                lines = new UncompressedSplitLineReader(file, conf, null, length);
                position = start;
                end = start + length;
                place = null;
            }
            if (position != 0) {
                position += pass(new Text(), 0);
            }
            opened = true;
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    /** The next line, at most as many bytes of it as are kept; null behind the last. Holds until the next call. */
    @Nullable
    Text next() throws IOException {
        long at = place == null ? position : place.getPos();
        if (at > end && !lines.needAdditionalRecordAfterSplit()) {
            return null;
        }
        boolean first = position == 0;
        int consumed = pass(line, kept);
        position += consumed;
        if (consumed == 0) {
            return null;
        }
        if (first) {
            skipByteOrderMark();
        }
        return line;
    }

    /**
     * As {@link #next}.
     *
     * @throws InputException that names the file and the place, if it cannot be read to its end
     */
    @Nullable
    Text nextOrUnreadable() {
        try {
            return next();
        } catch (IOException | RuntimeException e) {
            throw InputException.unreadable(path, position, e);
        }
    }

    private int pass(Text into, int most) throws IOException {
        int consumed = lines.readLine(into, most, MOST_BYTES);
        if (consumed >= MOST_BYTES) {
            throw new InputException("The file " + path + " has a line of more than " + consumed + " bytes from byte "
                    + position + " on; it is no text, or set --input-format");
        }
        return consumed;
    }

    private void skipByteOrderMark() {
        byte[] bytes = line.getBytes();
        boolean marked =
                line.getLength() >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf;
        if (marked) {
            line.set(Arrays.copyOfRange(bytes, 3, line.getLength()));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            CodecPool.returnDecompressor(decompressor);
        }
    }
}
