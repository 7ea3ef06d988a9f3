package io.textloom.spark.intake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.textloom.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** A line of JSON Lines. What is taken for a row has the values that Jackson finds in the line; every other line is a rejected row, never an exception and never none. */
public final class JsonLineFuzz {
    private static final ObjectMapper JUDGE = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private static final UTF8String PATH = UTF8String.fromString("in.jsonl");

    private JsonLineFuzz() {}

    public static FuzzTarget target() {
        JsonLineReader reader = new JsonLineReader(List.of("id", "text"), 1 << 20);
        return new FuzzTarget("jsonl", FuzzTarget.Shape.TEXT, Set.of(), 2 << 20, 100, input -> {
            InternalRow line = new GenericInternalRow(new Object[] {input, PATH, 0L, 7L});
            Iterator<InternalRow> rows = reader.call(List.of(line).iterator());
            if (!rows.hasNext()) {
                if (!new String(input, StandardCharsets.ISO_8859_1).isBlank()) {
                    throw new AssertionError("a line that is not blank gave no row");
                }
                return 0;
            }
            InternalRow row = rows.next();
            if (rows.hasNext() || row.getLong(7) != 7) {
                throw new AssertionError("a line gave another row as well");
            }
            if (!row.isNullAt(2)) {
                return row.getUTF8String(2).hashCode();
            }
            JsonNode judge = JUDGE.readTree(input);
            return 1 + 2 * same(row, 0, judge.path("id")) + same(row, 1, judge.path("text"));
        });
    }

    private static long same(InternalRow row, int column, JsonNode judge) {
        String found = row.isNullAt(column) ? null : row.getUTF8String(column).toString();
        boolean absent = judge.isNull() || judge.isMissingNode();
        if (absent != (found == null) || judge.isTextual() && !judge.textValue().equals(found)) {
            throw new AssertionError("column " + column + " is " + found + ", the line says " + judge);
        }
        return absent ? 1 : 0;
    }
}
