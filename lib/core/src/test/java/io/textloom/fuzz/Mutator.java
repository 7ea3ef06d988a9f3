package io.textloom.fuzz;

import io.textloom.fuzz.FuzzTarget.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes new inputs of old ones: mostly by their structure, sometimes by their bytes. The same seed makes the same inputs. */
final class Mutator {
    /** unit: bytes */
    static final int MAX_INPUT = 1 << 16;

    private static final int PREFIX = 8;
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-1",
            "1",
            "2",
            "7",
            "1.5",
            "1e400",
            "-1e400",
            "NaN",
            "Infinity",
            "2147483647",
            "2147483648",
            "-2147483648",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "1152921504606846976",
            "18446744073709551616",
            "1e-400",
            "99999999999999999999999999",
            "\"\"",
            "\"a\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude42\"",
            "\"../../etc/passwd\"",
            "\"/etc/passwd\"",
            "\"NaN\"",
            "[]",
            "{}",
            "[[]]",
            "[0]",
            "[-1]",
            "[1,2,3]",
            "{\"a\":1}",
            "[null]",
            "\"\uffff\"",
            "\ufeff");

    private final Shape shape;
    private final Random random;
    private final List<byte[]> dictionary;

    /** @param dictionary words of the format, besides the values that are hostile everywhere */
    Mutator(Shape shape, long seed, List<String> dictionary) {
        this.shape = shape;
        this.random = new Random(seed);
        this.dictionary = java.util.stream.Stream.concat(VALUES.stream(), dictionary.stream())
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** A few changes of one input of the corpus, perhaps with parts of another. */
    byte[] next(List<byte[]> corpus) {
        byte[] input = any(corpus);
        int changes = 1 + (random.nextInt(3) == 0 ? random.nextInt(8) : random.nextInt(2));
        if (shape != Shape.PREFIXED_TEXT || input.length < PREFIX) {
            byte[] now = changed(input, corpus, changes);
            return now.length <= MAX_INPUT ? now : Arrays.copyOf(now, MAX_INPUT);
        }
        if (random.nextInt(12) == 0) {
            return bytes(input);
        }
        long claimed = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        int end = (int) Math.max(PREFIX, Math.min(input.length, PREFIX + Math.max(0, Math.min(claimed, MAX_INPUT))));
        byte[] text = changed(Arrays.copyOfRange(input, PREFIX, end), corpus, changes);
        text = Arrays.copyOf(text, Math.min(text.length, MAX_INPUT));
        int data = random.nextInt(6) == 0 ? random.nextInt(input.length - end + 9) : input.length - end;
        byte[] whole = new byte[PREFIX + text.length + data];
        long told = random.nextInt(20) == 0 ? random.nextLong() >> random.nextInt(64) : text.length;
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putLong(told).put(text);
        return whole;
    }

    private byte[] changed(byte[] input, List<byte[]> corpus, int changes) {
        byte[] now = input;
        for (int i = 0; i < changes; i++) {
            boolean plain = shape == Shape.BINARY || random.nextInt(5) == 0 || now.length == 0;
            now = plain ? bytes(now) : structure(now, corpus);
        }
        return now;
    }

    private byte[] bytes(byte[] input) {
        byte[] now;
        int at = random.nextInt(input.length + 1);
        switch (random.nextInt(6)) {
            case 0 -> now = replaced(input, at, at, one((byte) random.nextInt(256)));
            case 1 -> now = replaced(input, at, Math.min(input.length, at + 1 + random.nextInt(16)), new byte[0]);
            case 2 -> now = Arrays.copyOf(input, at);
            case 3 -> {
                int to = Math.min(input.length, at + 1 + random.nextInt(32));
                now = replaced(input, at, at, Arrays.copyOfRange(input, at, to));
            }
            default -> {
                now = input.clone();
                for (int n = 1 + random.nextInt(3); n > 0 && now.length > 0; n--) {
                    int place = random.nextInt(now.length);
                    now[place] = random.nextBoolean()
                            ? (byte) random.nextInt(256)
                            : (byte) (now[place] ^ 1 << random.nextInt(8));
                }
            }
        }
        return now;
    }

    private byte[] structure(byte[] input, List<byte[]> corpus) {
        Pieces pieces = new Pieces(input);
        int piece = random.nextInt(pieces.size());
        int start = pieces.start(piece);
        int next = pieces.start(piece + 1);
        int part = pieces.start(pieces.partEnd(piece));
        return switch (random.nextInt(10)) {
            case 0, 1 -> replaced(input, start, part, word());
            case 2 -> replaced(input, start, next, word());
            case 3 -> replaced(input, start, part, new byte[0]);
            case 4 -> replaced(input, start, start, word());
            case 5 ->
                replaced(input, start, start, repeated(Arrays.copyOfRange(input, start, part), 1 + random.nextInt(3)));
            case 6 ->
                replaced(input, start, next, repeated(Arrays.copyOfRange(input, start, next), 1 << random.nextInt(12)));
            case 7 -> nested(input, start, part);
            case 8 -> {
                byte[] other = any(corpus);
                if (other.length == 0) {
                    yield input;
                }
                Pieces others = new Pieces(other);
                int from = random.nextInt(others.size());
                int to = others.partEnd(from);
                yield replaced(input, start, part, Arrays.copyOfRange(other, others.start(from), others.start(to)));
            }
            default -> {
                int from = random.nextInt(pieces.size());
                int to = pieces.start(pieces.partEnd(from));
                yield replaced(input, start, part, Arrays.copyOfRange(input, pieces.start(from), to));
            }
        };
    }

    /** The part within many pairs of brackets, or within copies of what is around it. */
    private byte[] nested(byte[] input, int start, int part) {
        String[] pairs = {"[", "]", "{\"a\":", "}", "(", ")", "{{", "}}", "[(", ")]", "not ", "", "-", ""};
        int pair = 2 * random.nextInt(pairs.length / 2);
        int depth = 1 << random.nextInt(13);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(repeated(pairs[pair].getBytes(StandardCharsets.UTF_8), depth));
        out.write(input, start, part - start);
        out.writeBytes(repeated(pairs[pair + 1].getBytes(StandardCharsets.UTF_8), depth));
        return replaced(input, start, part, out.toByteArray());
    }

    private byte[] word() {
        if (random.nextInt(8) == 0) {
            return Long.toString(random.nextLong() >> random.nextInt(64)).getBytes(StandardCharsets.UTF_8);
        }
        return dictionary.get(random.nextInt(dictionary.size()));
    }

    private byte[] any(List<byte[]> corpus) {
        return corpus.get(random.nextInt(corpus.size()));
    }

    private static byte[] one(byte b) {
        return new byte[] {b};
    }

    private static byte[] repeated(byte[] piece, int times) {
        int n = piece.length == 0 ? 0 : Math.min(times, MAX_INPUT / piece.length);
        byte[] all = new byte[n * piece.length];
        for (int i = 0; i < n; i++) {
            System.arraycopy(piece, 0, all, i * piece.length, piece.length);
        }
        return all;
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
        byte[] out = new byte[Math.min(MAX_INPUT, input.length - (to - from) + by.length)];
        System.arraycopy(input, 0, out, 0, Math.min(from, out.length));
        int copied = Math.max(0, Math.min(by.length, out.length - from));
        System.arraycopy(by, 0, out, Math.min(from, out.length), copied);
        int rest = Math.max(0, Math.min(input.length - to, out.length - from - copied));
        System.arraycopy(input, to, out, out.length - rest, rest);
        return out;
    }
}
