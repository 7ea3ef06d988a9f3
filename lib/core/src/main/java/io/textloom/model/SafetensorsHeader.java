package io.textloom.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.textloom.tensor.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, read as a stream: what it takes of memory follows from the header's length, which is checked against the file before it is allocated.
 * As in the format's own reader, the tensors have to fill the data without gaps and without overlap, and no name comes twice.
 *
 * @param tensors in the order of the header
 * @param metadata free-form texts; empty if there are none
 */
record SafetensorsHeader(Map<String, TensorInfo> tensors, Map<String, String> metadata) {
    /** The format's own limit; unit: bytes. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    /** The largest models that are known have about 100,000 in all their files. */
    private static final int MAX_TENSORS = 1 << 18;

    private static final int MAX_METADATA = 1 << 14;
    private static final int MAX_RANK = 16;
    private static final int LENGTH_BYTES = 8;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Json.MAX_DEPTH)
                    .build())
            .build();

    static SafetensorsHeader read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            int length = headerLength(channel, size, file);
            ByteBuffer header = ByteBuffer.allocate(length);
            readFully(channel, header, LENGTH_BYTES, file);
            return new Reader(file, LENGTH_BYTES + (long) length, size).read(header.array());
        } catch (JacksonException e) {
            throw new ModelException(file + " is not a safetensors file: its header is not JSON", e);
        } catch (IOException e) {
            throw new ModelException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static int headerLength(FileChannel channel, long size, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(channel, buffer, 0, file);
        long length = buffer.getLong(0);
        if (length < 2 || length > MAX_HEADER_BYTES || length > size - LENGTH_BYTES) {
            throw new ModelException(file + " is not a safetensors file: it claims a header of " + length
                    + " bytes in a file of " + size + " bytes");
        }
        return (int) length;
    }

    private static void readFully(FileChannel channel, ByteBuffer buffer, long position, Path file) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new ModelException(
                        file + " is not a safetensors file: it ends after " + channel.size() + " bytes");
            }
        }
    }

    /** Goes through one header. */
    private static final class Reader {
        private final Path file;
        private final long dataStart;
        private final long dataBytes;
        private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        private final Map<String, String> metadata = new LinkedHashMap<>();

        Reader(Path file, long dataStart, long size) {
            this.file = file;
            this.dataStart = dataStart;
            this.dataBytes = size - dataStart;
        }

        SafetensorsHeader read(byte[] json) throws IOException {
            try (JsonParser parser = JSON.createParser(json)) {
                expect(parser.nextToken() == JsonToken.START_OBJECT, "its header is not a JSON object");
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.getCurrentName();
                    expect(parser.nextToken() == JsonToken.START_OBJECT, "\"" + name + "\" is not an object");
                    if (name.equals("__metadata__")) {
                        readMetadata(parser);
                    } else {
                        expect(tensors.size() < MAX_TENSORS, "it has more than " + MAX_TENSORS + " tensors");
                        expect(tensors.put(name, tensor(name, parser)) == null, "the tensor " + name + " comes twice");
                    }
                }
                expect(parser.nextToken() == null, "something stands behind its header");
            }
            requireFilled();
            return new SafetensorsHeader(tensors, metadata);
        }

        private void readMetadata(JsonParser parser) throws IOException {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.getCurrentName();
                expect(metadata.size() < MAX_METADATA, "it has more than " + MAX_METADATA + " entries of metadata");
                expect(parser.nextToken() == JsonToken.VALUE_STRING, "the metadata " + key + " is not a text");
                metadata.put(key, parser.getText());
            }
        }

        private TensorInfo tensor(String name, JsonParser parser) throws IOException {
            String type = "";
            List<Long> shape = List.of();
            List<Long> offsets = List.of();
            boolean shaped = false;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.getCurrentName();
                JsonToken value = parser.nextToken();
                switch (key) {
                    case "dtype" -> {
                        expect(value == JsonToken.VALUE_STRING, "the dtype of " + name + " is not a text");
                        type = parser.getText();
                    }
                    case "shape" -> {
                        shape = integers(name, parser, MAX_RANK);
                        shaped = true;
                    }
                    case "data_offsets" -> offsets = integers(name, parser, 2);
                    default -> parser.skipChildren();
                }
            }
            expect(shaped && offsets.size() == 2, "the tensor " + name + " lacks its shape or its data_offsets");
            long begin = offsets.get(0);
            long end = offsets.get(1);
            if (begin < 0 || end < begin || end > dataBytes) {
                throw new ModelException("Tensor " + name + " of " + file + " claims bytes " + begin + " to " + end
                        + " of " + dataBytes + "; the file is damaged or cut short, download it again");
            }
            String asked = type;
            DataType known = DataType.bySafetensorsName(type)
                    .orElseThrow(() -> new ModelException("Tensor " + name + " of " + file
                            + " has the unsupported dtype \"" + asked + "\"; convert the weights to F32, F16 or BF16"));
            return new TensorInfo(name, known, shape, file, dataStart + begin, end - begin);
        }

        private List<Long> integers(String name, JsonParser parser, int most) throws IOException {
            expect(
                    parser.currentToken() == JsonToken.START_ARRAY,
                    "the tensor " + name + " has a shape that is no list");
            List<Long> integers = new ArrayList<>(4);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                boolean sound = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
                expect(sound, "the tensor " + name + " has a shape or an offset that is no integer");
                expect(integers.size() < most, "the tensor " + name + " has more than " + most + " numbers in a list");
                integers.add(parser.getLongValue());
            }
            return integers;
        }

        private void requireFilled() {
            List<TensorInfo> byPlace = new ArrayList<>(tensors.values());
            byPlace.sort(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::length));
            long at = dataStart;
            for (TensorInfo tensor : byPlace) {
                if (tensor.offset() != at) {
                    throw new ModelException("Tensor " + tensor.name() + " of " + file + " begins at byte "
                            + (tensor.offset() - dataStart) + " but the one before it ends at " + (at - dataStart)
                            + "; the file is damaged, download it again");
                }
                at += tensor.length();
            }
            if (at != dataStart + dataBytes) {
                throw new ModelException("The tensors of " + file + " end at byte " + (at - dataStart) + " of "
                        + dataBytes + "; the file is damaged or was written over, download it again");
            }
        }

        private void expect(boolean holds, String otherwise) {
            if (!holds) {
                throw new ModelException(file + " is not a safetensors file: " + otherwise);
            }
        }
    }
}
