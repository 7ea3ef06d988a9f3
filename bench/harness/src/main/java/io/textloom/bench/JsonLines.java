package io.textloom.bench;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of one JSON object a line. */
public final class JsonLines {
    private JsonLines() {}

    public static void write(Path file, List<?> values) throws IOException {
        ObjectWriter writer = Json.MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Object value : values) {
                out.write(writer.writeValueAsString(value));
                out.write('\n');
            }
        }
    }

    public static <T> List<T> read(Path file, Class<T> type) throws IOException {
        ObjectReader reader = Json.MAPPER.readerFor(type);
        List<T> values = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                values.add(reader.readValue(line));
            }
        }
        return values;
    }
}
