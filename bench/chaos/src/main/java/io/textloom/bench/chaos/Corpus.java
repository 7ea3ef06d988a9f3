package io.textloom.bench.chaos;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Made-up documents as JSON lines; the same for the same seed. */
final class Corpus {
    private static final String[] WORDS = {
        "river",
        "lantern",
        "the",
        "a",
        "of",
        "quietly",
        "baker",
        "mountain",
        "seven",
        "under",
        "old",
        "garden",
        "winter",
        "and",
        "then",
        "told",
        "schön",
        "café",
        "tower",
        "naïve",
        "clock",
        "ships",
        "harbour",
        "letters",
        "wrote",
        "without",
        "morning",
        "bread",
        "zwölf",
        "keys",
        "road",
        "海",
        "灯",
        "miller",
        "geese",
        "counted",
        "again",
        "tomorrow",
        "violin",
        "stairs",
        "rain",
        "between",
        "stones",
        "nobody",
        "asked",
        "why"
    };

    private Corpus() {}

    /** One text of 4 to {@code 2 * words} words; its number makes it differ from all others. */
    static String text(Random random, int words, long number) {
        StringBuilder text = new StringBuilder();
        int length = 4 + random.nextInt(2 * words - 3);
        for (int i = 0; i < length; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        return text.append(number).append('.').toString();
    }

    static String line(String id, String text) {
        return "{\"id\": \"" + id + "\", \"text\": \"" + text + "\"}";
    }

    /** @param file gzip by its name */
    static void write(Path file, long seed, int rows, int words) throws IOException {
        Random random = new Random(seed);
        try (BufferedWriter out = writer(file)) {
            for (int i = 0; i < rows; i++) {
                out.write(line("doc-" + i, text(random, words, i)));
                out.write('\n');
            }
        }
    }

    /**
     * One gzip file of about so many bytes. Half of what is in it is a field that no job reads and that does not shrink, so that reading costs what it costs
     * with a file of that size and computing does not take hours.
     *
     * @return rows written
     */
    static int writeGzip(Path file, long seed, long bytes, int words) throws IOException {
        Random random = new Random(seed);
        byte[] payload = new byte[6000];
        int rows = 0;
        try (OutputStream raw = Files.newOutputStream(file);
                BufferedWriter out = new BufferedWriter(
                        new OutputStreamWriter(new GZIPOutputStream(raw, 1 << 16), StandardCharsets.UTF_8))) {
            for (; Files.size(file) < bytes; rows++) {
                random.nextBytes(payload);
                out.write("{\"payload\": \"" + java.util.Base64.getEncoder().encodeToString(payload)
                        + "\", \"id\": \"doc-" + rows + "\", \"text\": \"" + text(random, words, rows) + "\"}\n");
            }
        }
        return rows;
    }

    static BufferedWriter writer(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        OutputStream out = Files.newOutputStream(file);
        return new BufferedWriter(new OutputStreamWriter(
                file.toString().endsWith(".gz") ? new GZIPOutputStream(out, 1 << 16) : out, StandardCharsets.UTF_8));
    }
}
