package io.textloom.token;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Two tokenizers beside each other: same ids, same offsets, same text from the ids, also from the ids in reverse. */
final class Parity implements AutoCloseable {
    private final Tokenizer reference;
    private final Tokenizer ours;
    private final Set<Integer> notDecoded;
    private final TokenEncoder referenceEncoder;
    private final TokenEncoder oursEncoder;
    private final Tokens expected = new Tokens();
    private final Tokens actual = new Tokens();

    /** @param notDecoded ids whose text is not compared, because this reference is known to be another version's */
    Parity(Tokenizer reference, Tokenizer ours, Set<Integer> notDecoded) {
        this.reference = reference;
        this.ours = ours;
        this.notDecoded = notDecoded;
        referenceEncoder = reference.encoder();
        oursEncoder = ours.encoder();
    }

    /** Fails with the shortest text found that shows the difference. */
    void check(String text) {
        if (difference(text).isPresent()) {
            String shortest = shortest(text);
            throw new AssertionError(
                    escaped(shortest) + ": " + difference(shortest).orElseThrow());
        }
    }

    /** What differs on this text, if anything does. */
    Optional<String> difference(String text) {
        referenceEncoder.encodeWithOffsets(text, expected);
        try {
            oursEncoder.encodeWithOffsets(text, actual);
            if (!same(true)) {
                return Optional.of("expected " + shown(expected) + " but got " + shown(actual));
            }
            int[] ids = expected.copyOfIds(0, expected.size());
            if (compareDecoded()) {
                Optional<String> decoded = decodedDifference(ids).or(() -> decodedDifference(reversed(ids)));
                if (decoded.isPresent()) {
                    return decoded;
                }
            }
            oursEncoder.encode(text, actual);
            return same(false) ? Optional.empty() : Optional.of("without offsets got " + shown(actual));
        } catch (RuntimeException e) {
            return Optional.of("expected " + shown(expected) + " but failed with " + e);
        }
    }

    private Optional<String> decodedDifference(int[] ids) {
        String wanted = reference.decode(ids, 0, ids.length);
        String got = ours.decode(ids, 0, ids.length);
        return got.equals(wanted)
                ? Optional.empty()
                : Optional.of(
                        "ids " + Arrays.toString(ids) + " should be " + escaped(wanted) + " but are " + escaped(got));
    }

    /** Ids in an order that no text gives: characters cut in the middle, prefixes at the end. */
    private static int[] reversed(int[] ids) {
        int[] reversed = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            reversed[i] = ids[ids.length - 1 - i];
        }
        return reversed;
    }

    private boolean same(boolean offsets) {
        if (expected.size() != actual.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            if (expected.id(i) != actual.id(i)
                    || offsets && (expected.start(i) != actual.start(i) || expected.end(i) != actual.end(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean compareDecoded() {
        for (int i = 0; i < expected.size() && !notDecoded.isEmpty(); i++) {
            if (notDecoded.contains(expected.id(i))) {
                return false;
            }
        }
        return true;
    }

    /** Leaves out ever smaller parts as long as there is a difference, then makes letters of what is left. */
    private String shortest(String text) {
        int[] best = text.codePoints().toArray();
        for (int part = Math.max(1, best.length / 2); part >= 1; part /= 2) {
            for (int from = 0; from < best.length; ) {
                int[] rest = without(best, from, Math.min(from + part, best.length));
                if (rest.length > 0 && difference(string(rest)).isPresent()) {
                    best = rest;
                } else {
                    from += part;
                }
            }
        }
        for (int i = 0; i < best.length; i++) {
            int[] simpler = best.clone();
            simpler[i] = 'a';
            if (difference(string(simpler)).isPresent()) {
                best = simpler;
            }
        }
        return string(best);
    }

    private static int[] without(int[] all, int from, int to) {
        return IntStream.concat(Arrays.stream(all, 0, from), Arrays.stream(all, to, all.length))
                .toArray();
    }

    private static String string(int[] codePoints) {
        return new String(codePoints, 0, codePoints.length);
    }

    private static String shown(Tokens tokens) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(tokens.size(), 40); i++) {
            shown.append(i == 0 ? "" : " ").append(tokens.id(i));
            if (tokens.hasOffsets()) {
                shown.append('[')
                        .append(tokens.start(i))
                        .append(',')
                        .append(tokens.end(i))
                        .append(')');
            }
        }
        return shown + " (" + tokens.size() + " tokens)";
    }

    /** As a Java literal. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder("\"");
        text.chars()
                .limit(300)
                .forEach(c -> escaped.append(c >= ' ' && c <= '~' ? Character.toString(c) : "\\u%04x".formatted(c)));
        return escaped.append(text.length() > 300 ? "…\"" : "\"").toString();
    }

    @Override
    public void close() {
        referenceEncoder.close();
        oursEncoder.close();
        reference.close();
        ours.close();
    }
}
