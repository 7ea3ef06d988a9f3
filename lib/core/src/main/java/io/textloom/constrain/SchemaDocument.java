package io.textloom.constrain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** A JSON schema as it was given, with its references. Counts the work done on it, which has a bound; not safe for concurrent use. */
final class SchemaDocument {
    private static final int MAX_LENGTH = 1 << 20;
    private static final int MAX_DEPTH = 200;

    /** Of alternatives of one value. */
    private static final int MAX_WAYS = 1000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(100)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Schemas of one value. */
    private static final int MAX_TOGETHER = 300;

    /** About keywords looked at; some seconds. */
    private static final long MAX_WORK = 5_000_000;

    private final JsonNode root;
    private long work;

    private SchemaDocument(JsonNode root) {
        this.root = root;
    }

    static SchemaDocument read(String schema) {
        if (schema.length() > MAX_LENGTH) {
            throw new ConstraintException(
                    "jsonSchema has " + schema.length() + " characters; expected at most " + MAX_LENGTH);
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(schema)) {
            throw new ConstraintException("jsonSchema has half a surrogate pair; expected Unicode characters only");
        }
        try {
            JsonNode root = MAPPER.readTree(schema);
            checkNumbers(root);
            return new SchemaDocument(root);
        } catch (JsonProcessingException e) {
            throw new ConstraintException(
                    "jsonSchema is no JSON, or nested deeper than " + MAX_DEPTH + ": " + e.getOriginalMessage(), e);
        } catch (NumberFormatException e) {
            throw new ConstraintException("jsonSchema has a number with an exponent that is out of all bounds", e);
        }
    }

    private static void checkNumbers(JsonNode node) {
        if (node.isDouble()) {
            throw new ConstraintException("jsonSchema has a number that no double can hold; expected a smaller one");
        }
        node.forEach(SchemaDocument::checkNumbers);
    }

    SchemaPart root() {
        return new SchemaPart(root, "#");
    }

    /**
     * A schema of a value, and the schemas of the same value that led to it.
     *
     * @param through by identity
     */
    private record Waiting(SchemaPart part, Set<JsonNode> through) {
        Waiting led(SchemaPart next) {
            Set<JsonNode> longer = Collections.newSetFromMap(new IdentityHashMap<>());
            longer.addAll(through);
            longer.add(part.schema());
            return new Waiting(next, longer);
        }
    }

    /**
     * All ways to satisfy some schemas together: lists of schemas without {@code $ref}, {@code allOf}, {@code anyOf} and {@code oneOf} that count.
     *
     * @throws ConstraintException if a reference leads back to itself, or the ways are too many
     */
    List<List<SchemaPart>> ways(List<SchemaPart> together) {
        List<List<SchemaPart>> ways = new ArrayList<>();
        List<Waiting> waiting = new ArrayList<>();
        for (SchemaPart part : together) {
            waiting.add(new Waiting(part, Set.of()));
        }
        spread(waiting, new ArrayList<>(), ways);
        for (List<SchemaPart> way : ways) {
            long values = 1; // compared one by one
            for (SchemaPart part : way) {
                values *= Math.max(1, part.get("enum").size());
                works(values);
                works((long) way.size()
                        * (1 + part.schema().size() + part.get("properties").size()));
            }
        }
        return ways;
    }

    /** @throws ConstraintException if it is too much in all */
    void works(long amount) {
        work += amount;
        if (work > MAX_WORK) {
            throw new ConstraintException(
                    "jsonSchema is too large, or its allOf, anyOf and oneOf have too many combinations; make it"
                            + " smaller");
        }
    }

    private void spread(List<Waiting> waiting, List<SchemaPart> plain, List<List<SchemaPart>> ways) {
        List<Waiting> rest = new ArrayList<>(waiting);
        List<Waiting> choices = new ArrayList<>();
        while (!rest.isEmpty()) {
            if (rest.size() + plain.size() > MAX_TOGETHER) {
                throw new ConstraintException("jsonSchema " + rest.get(0).part().at() + " has more than " + MAX_TOGETHER
                        + " schemas for one value; use fewer in allOf");
            }
            Waiting next = rest.remove(0);
            SchemaPart part = next.part();
            if (part.schema().isBoolean()) {
                if (!part.schema().booleanValue()) {
                    plain.add(part);
                }
                continue;
            }
            if (next.through().contains(part.schema())) {
                throw new ImpossibleException(
                        "jsonSchema " + part.at() + " is impossible: it leads back to itself before any value begins");
            }
            if (plain.stream().anyMatch(p -> p.schema() == part.schema())) {
                continue;
            }
            plain.add(part);
            if (part.has("$ref")) {
                rest.add(0, referred(next));
            }
            if (part.has("allOf")) {
                int at = 0;
                for (SchemaPart each : part.list("allOf")) {
                    rest.add(at++, next.led(each));
                }
            }
            if (part.has("anyOf") || part.has("oneOf")) {
                choices.add(next);
            }
        }
        choose(choices, 0, new ArrayList<>(), plain, ways);
    }

    private void choose(
            List<Waiting> choices, int at, List<Waiting> chosen, List<SchemaPart> plain, List<List<SchemaPart>> ways) {
        if (at == 2 * choices.size()) {
            if (chosen.isEmpty()) {
                if (ways.size() == MAX_WAYS) {
                    throw new ConstraintException("jsonSchema "
                            + (plain.isEmpty() ? "#" : plain.get(0).at()) + " has more than " + MAX_WAYS
                            + " combinations of anyOf and oneOf; use fewer alternatives");
                }
                ways.add(plain);
            } else {
                spread(chosen, new ArrayList<>(plain), ways);
            }
            return;
        }
        Waiting choice = choices.get(at / 2);
        String keyword = at % 2 == 0 ? "anyOf" : "oneOf";
        if (!choice.part().has(keyword)) {
            choose(choices, at + 1, chosen, plain, ways);
            return;
        }
        for (SchemaPart branch : choice.part().list(keyword)) {
            List<Waiting> more = new ArrayList<>(chosen);
            more.add(choice.led(branch));
            choose(choices, at + 1, more, plain, ways);
        }
    }

    private Waiting referred(Waiting from) {
        JsonNode ref = from.part().get("$ref");
        String to = ref.textValue();
        if (to == null || !to.startsWith("#")) {
            throw from.part().wrong("$ref", "is " + ref, "expected one inside the schema, such as \"#/$defs/name\"");
        }
        JsonNode found;
        try {
            found = root.at(JsonPointer.compile(
                    URLDecoder.decode(to.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw from.part()
                    .wrong("$ref", "is \"" + to + "\", which is no JSON pointer", "use one such as \"#/$defs/name\"");
        }
        if (found.isMissingNode()) {
            throw from.part().wrong("$ref", "is \"" + to + "\", which is not there", "define it");
        }
        return from.led(new SchemaPart(found, to));
    }
}
