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

/**
 * One text of a benchmark; a file of them holds one JSON object a line.
 *
 * @param tokens of the model's own tokenizer, special tokens included; unit: tokens
 */
public record BenchText(String id, String text, int tokens) {
    public static void write(Path file, List<BenchText> texts) throws IOException {
        ObjectWriter writer = Json.MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (BenchText text : texts) {
                out.write(writer.writeValueAsString(text));
                out.write('\n');
            }
        }
    }

    public static List<BenchText> read(Path file) throws IOException {
        ObjectReader reader = Json.MAPPER.readerFor(BenchText.class);
        List<BenchText> texts = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                texts.add(reader.readValue(line));
            }
        }
        return texts;
    }
}
