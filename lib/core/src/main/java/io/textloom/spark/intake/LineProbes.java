package io.textloom.spark.intake;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.util.LineReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Lines, paragraphs or files from places spread evenly over the bytes of an input, without reading the rest. A file that is compressed is read from its beginning, as
 * that is the only place there is.
 */
final class LineProbes {
    private static final int PLAIN_PROBES = 64;
    private static final int PACKED_PROBES = 16;
    /** Read in one place; an input or a file of that size is read whole. Unit: bytes. */
    private static final int PLAIN_REGION = 64 << 10;

    private static final int PACKED_REGION = 512 << 10;
    /** An input up to this size is read whole; unit: bytes. */
    private static final long SMALL_INPUT = 4L << 20;

    private static final int LONGEST_LINE = 16 << 20;
    /** Small, so that the place in a compressed file is known well. */
    private static final int BUFFER = 4096;

    private final Configuration conf;
    private final DocumentUnit unit;
    private final int mostRows;
    private final List<Probe> probes = new ArrayList<>();
    /** Columns value (binary), path, number of the probe, number in the probe. */
    private final List<Row> rows = new ArrayList<>();

    private LineProbes(Configuration conf, DocumentUnit unit, int mostRows) {
        this.conf = new Configuration(conf);
        this.conf.setInt("io.file.buffer.size", BUFFER);
        this.unit = unit;
        this.mostRows = mostRows;
    }

    /**
     * @param sizes of all files; unit: bytes
     * @param mostRows of the sample, about
     * @throws InputException if a file cannot be read
     */
    static LineProbes of(Map<String, Long> sizes, DocumentUnit unit, int mostRows, Configuration conf) {
        LineProbes sample = new LineProbes(conf, unit, mostRows);
        if (unit == DocumentUnit.FILE) {
            sample.files(List.copyOf(sizes.keySet()));
        } else {
            sample.places(sizes);
        }
        return sample;
    }

    List<Probe> probes() {
        return probes;
    }

    List<Row> rows() {
        return rows;
    }

    private void files(List<String> paths) {
        int count = Math.min(paths.size(), Math.min(mostRows, PLAIN_PROBES * 4));
        for (int i = 0; i < count; i++) {
            String path = paths.get((int) ((i + 0.5) * paths.size() / count));
            try (InputStream in = open(new Path(path))) {
                add(path, 1, List.of(in.readNBytes(LONGEST_LINE)), 1);
            } catch (IOException e) {
                throw unreadable(path, e);
            }
        }
    }

    private void places(Map<String, Long> sizes) {
        CompressionCodecFactory codecs = new CompressionCodecFactory(conf);
        boolean packed = sizes.keySet().stream().anyMatch(path -> codecs.getCodec(new Path(path)) != null);
        long total = sizes.values().stream().mapToLong(Long::longValue).sum();
        int most = packed ? PACKED_PROBES : PLAIN_PROBES;
        // file → where to begin in it; a file of one place is read from its beginning
        Map<String, List<Long>> places = new LinkedHashMap<>();
        long before = 0;
        int next = 0;
        boolean small = total <= SMALL_INPUT && !packed;
        for (Map.Entry<String, Long> file : sizes.entrySet()) {
            if (small) {
                places.put(file.getKey(), List.of(0L));
                continue;
            }
            boolean whole = file.getValue() <= PLAIN_REGION || codecs.getCodec(new Path(file.getKey())) != null;
            while (next < most && (next + 0.5) * total / most < before + file.getValue()) {
                List<Long> offsets = places.computeIfAbsent(file.getKey(), path -> new ArrayList<>());
                if (!whole || offsets.isEmpty()) {
                    offsets.add(whole ? 0L : (long) ((next + 0.5) * total / most) - before);
                }
                next++;
            }
            before += file.getValue();
        }
        long count = places.values().stream().mapToLong(List::size).sum();
        int rowsEach = (int) Math.max(1, (mostRows + count - 1) / Math.max(1, count));
        for (Map.Entry<String, List<Long>> file : places.entrySet()) {
            for (long offset : file.getValue()) {
                try {
                    region(
                            file.getKey(),
                            offset,
                            small ? Long.MAX_VALUE : packed ? PACKED_REGION : PLAIN_REGION,
                            rowsEach);
                } catch (IOException e) {
                    throw unreadable(file.getKey(), e);
                }
            }
        }
    }

    private static InputException unreadable(String path, IOException e) {
        return new InputException(
                "Cannot read " + path + ": " + e.getMessage()
                        + "; the file is damaged or not of the format its name says, replace it or set --input-format",
                e);
    }

    private InputStream open(Path file) throws IOException {
        FSDataInputStream stored = file.getFileSystem(conf).open(file);
        CompressionCodec codec = new CompressionCodecFactory(conf).getCodec(file);
        return codec == null ? stored : codec.createInputStream(stored);
    }

    private void region(String path, long offset, long bytes, int most) throws IOException {
        Path file = new Path(path);
        CompressionCodec codec = new CompressionCodecFactory(conf).getCodec(file);
        try (FSDataInputStream stored = file.getFileSystem(conf).open(file);
                LineReader lines = new LineReader(codec == null ? stored : codec.createInputStream(stored), conf)) {
            Text line = new Text();
            if (offset > 0) {
                stored.seek(offset - 1); // the line that holds this byte was begun before
                lines.readLine(line, 0);
                boolean inParagraph = unit == DocumentUnit.PARAGRAPH;
                while (inParagraph && lines.readLine(line, LONGEST_LINE) > 0) {
                    inParagraph = !isBlank(line);
                }
            }
            List<byte[]> found = new ArrayList<>();
            Paragraph paragraph = new Paragraph();
            long read = 0;
            boolean ended = false;
            while (read < bytes || paragraph.isOpen()) {
                int n = lines.readLine(line, LONGEST_LINE);
                if (n == 0) {
                    ended = true;
                    break;
                }
                byte[] text = withoutMark(line.copyBytes(), offset == 0 && read == 0);
                read += n;
                if (unit != DocumentUnit.PARAGRAPH) {
                    found.add(text);
                } else if (isBlank(line)) {
                    paragraph.end(found);
                } else {
                    paragraph.add(text);
                }
            }
            paragraph.end(found);
            double size = codec == null
                    ? read
                    : ended ? file.getFileSystem(conf).getFileStatus(file).getLen() : stored.getPos();
            add(path, size, found, most);
        }
    }

    private static byte[] withoutMark(byte[] line, boolean first) {
        boolean mark =
                first && line.length >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb && line[2] == (byte) 0xbf;
        return mark ? java.util.Arrays.copyOfRange(line, 3, line.length) : line;
    }

    private static boolean isBlank(Text line) {
        for (int i = 0; i < line.getLength(); i++) {
            byte b = line.getBytes()[i];
            if (b != ' ' && (b < '\t' || b > '\r')) {
                return false;
            }
        }
        return true;
    }

    /** Keeps every so manyth row, so that the sample is as large as asked. */
    private void add(String path, double size, List<byte[]> found, int most) {
        if (size == 0) {
            return;
        }
        int kept = Math.min(found.size(), most);
        for (int i = 0; i < kept; i++) {
            byte[] value = found.get((int) ((i + 0.5) * found.size() / kept));
            rows.add(RowFactory.create(value, path, (long) probes.size(), (long) i));
        }
        probes.add(new Probe(size, found.size(), kept));
    }

    /** Lines up to a blank one, joined by line feeds. */
    private static final class Paragraph {
        private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        private boolean open;

        boolean isOpen() {
            return open;
        }

        void add(byte[] line) {
            if (open) {
                bytes.write('\n');
            }
            bytes.writeBytes(line);
            open = true;
        }

        void end(List<byte[]> into) {
            if (open) {
                into.add(bytes.toByteArray());
                bytes.reset();
                open = false;
            }
        }
    }
}
