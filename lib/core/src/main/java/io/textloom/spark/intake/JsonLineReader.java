package io.textloom.spark.intake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.textloom.text.JsonFields;
import io.textloom.text.JsonLine;
import io.textloom.text.RejectCode;
import io.textloom.text.Texts;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Lines of JSON to rows of a few string fields and what is wrong with the line, in one pass over the bytes; a line that is not plain goes through Jackson, as lenient as
 * Spark's JSON reader. Blank lines are no rows.
 *
 * <p>In: value (binary), path, block, sequence. Out: the fields, then reject code, message and raw line, then path, block and sequence. Travels to executors.
 */
final class JsonLineReader implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
    private static final long serialVersionUID = 1;
    private static final int PLACE_COLUMNS = 3;
    private static final int FAULT_COLUMNS = 3;

    private final String[] names;
    private final int maxRowBytes;

    /** @param maxRowBytes a line that is longer is rejected unread */
    JsonLineReader(List<String> names, int maxRowBytes) {
        this.maxRowBytes = maxRowBytes;
        this.names = names.toArray(String[]::new);
    }

    @Override
    public Iterator<InternalRow> call(Iterator<InternalRow> lines) {
        return new Rows(lines);
    }

    private final class Rows implements Iterator<InternalRow> {
        private final Iterator<InternalRow> lines;
        private final JsonFields plain = new JsonFields(List.of(names));
        private final JsonFactory lenient = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build();
        private @Nullable InternalRow next;

        Rows(Iterator<InternalRow> lines) {
            this.lines = lines;
        }

        @Override
        public boolean hasNext() {
            while (next == null && lines.hasNext()) {
                next = row(lines.next());
            }
            return next != null;
        }

        @Override
        public InternalRow next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            InternalRow row = next;
            next = null;
            return row;
        }

        private @Nullable InternalRow row(InternalRow line) {
            byte[] json = line.getBinary(0);
            if (JsonLine.isBlank(json)) {
                return null;
            }
            Object[] values = new Object[names.length + FAULT_COLUMNS + PLACE_COLUMNS];
            RejectCode fault = fields(json, values);
            if (fault != null) {
                Arrays.fill(values, null);
                values[names.length] = UTF8String.fromString(fault.name());
                values[names.length + 1] = UTF8String.fromString(Sources.message(fault, maxRowBytes));
                values[names.length + 2] = UTF8String.fromString(Sources.lossy(json, maxRowBytes));
            }
            int place = names.length + FAULT_COLUMNS;
            values[place] = line.getUTF8String(1).clone();
            values[place + 1] = line.getLong(2);
            values[place + 2] = line.getLong(3);
            return new GenericInternalRow(values);
        }

        private @Nullable RejectCode fields(byte[] json, Object[] values) {
            if (json.length > maxRowBytes) {
                return RejectCode.TOO_LARGE;
            }
            if (!Texts.isUtf8(json)) {
                return RejectCode.INVALID_UTF8;
            }
            if (plain.read(json)) {
                for (int i = 0; i < names.length; i++) {
                    values[i] = UTF8String.fromBytes(plain.value(i));
                }
                return null;
            }
            if (JsonLine.hasLoneSurrogate(json)) {
                return RejectCode.INVALID_UTF8;
            }
            return JsonLine.isOneObject(json) && parsed(json, values) ? null : RejectCode.MALFORMED_JSON;
        }

        /** Whether the line is an object; numbers and nested values of the wanted fields are taken as their JSON text. */
        private boolean parsed(byte[] json, Object[] values) {
            try (JsonParser parser = lenient.createParser(json)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return false;
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    int field = Arrays.asList(names).indexOf(parser.getCurrentName());
                    JsonToken token = parser.nextToken();
                    if (field < 0) {
                        parser.skipChildren();
                    } else if (token == JsonToken.VALUE_STRING) {
                        values[field] = UTF8String.fromString(parser.getText());
                    } else {
                        values[field] = token == JsonToken.VALUE_NULL ? null : UTF8String.fromString(text(parser));
                    }
                }
                return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            } catch (IOException e) {
                return false;
            }
        }

        private String text(JsonParser parser) throws IOException {
            StringWriter text = new StringWriter();
            try (JsonGenerator generator = lenient.createGenerator(text)) {
                generator.copyCurrentStructure(parser);
            }
            return text.toString();
        }
    }
}
