package io.textloom.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells whether no value satisfies two schemas, so that a {@code oneOf} of them is an {@code anyOf}. */
final class SchemaOverlap {
    private static final int MAX_BRANCHES = 60;
    private static final int MAX_DEPTH = 3;

    private SchemaOverlap() {}

    /** @throws ConstraintException if branches of the {@code oneOf} cannot be told apart */
    static void check(SchemaDocument document, SchemaPart part) {
        List<SchemaPart> branches = part.list("oneOf");
        if (branches.size() > MAX_BRANCHES) {
            throw part.wrong(
                    "oneOf",
                    "has " + branches.size() + " branches",
                    "expected at most " + MAX_BRANCHES + "; use anyOf");
        }
        for (int i = 0; i < branches.size(); i++) {
            for (int k = i + 1; k < branches.size(); k++) {
                if (!apart(document, List.of(branches.get(i)), List.of(branches.get(k)), 0)) {
                    throw part.wrong(
                            "oneOf",
                            "has branches " + i + " and " + k + ", which one value may satisfy together",
                            "use anyOf, or give both a required property with different const values");
                }
            }
        }
    }

    private static boolean apart(SchemaDocument document, List<SchemaPart> a, List<SchemaPart> b, int depth) {
        List<MergedSchema> lefts = possible(document.ways(a));
        List<MergedSchema> rights = possible(document.ways(b));
        for (MergedSchema left : lefts) {
            for (MergedSchema right : rights) {
                document.works(1
                        + (long) left.values.map(List::size).orElse(0)
                                * right.values.map(List::size).orElse(0));
                if (!apart(document, left, right, depth)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Without those that nothing satisfies. */
    private static List<MergedSchema> possible(List<List<SchemaPart>> ways) {
        List<MergedSchema> merged = new ArrayList<>();
        for (List<SchemaPart> way : ways) {
            merged(way).ifPresent(merged::add);
        }
        return merged;
    }

    private static Optional<MergedSchema> merged(List<SchemaPart> way) {
        try {
            return Optional.of(MergedSchema.of(way));
        } catch (ImpossibleException e) {
            return Optional.empty();
        }
    }

    private static boolean apart(SchemaDocument document, MergedSchema a, MergedSchema b, int depth) {
        Set<JsonType> types = JsonType.both(a.types, b.types);
        if (types.isEmpty()) {
            return true;
        }
        if (a.values.isPresent() || b.values.isPresent()) {
            List<JsonNode> values = a.values.or(() -> b.values).orElseThrow();
            MergedSchema other = a.values.isPresent() ? b : a;
            return values.stream().noneMatch(v -> JsonType.has(types, v))
                    || other.values.isPresent()
                            && values.stream()
                                    .noneMatch(v -> other.values.get().stream().anyMatch(w -> JsonType.same(v, w)));
        }
        if (!types.equals(Set.of(JsonType.OBJECT)) || depth == MAX_DEPTH) {
            return false;
        }
        for (String name : a.required) {
            if (b.required.contains(name)
                    && apart(
                            document,
                            a.properties.getOrDefault(name, List.of()),
                            b.properties.getOrDefault(name, List.of()),
                            depth + 1)) {
                return true;
            }
        }
        return false;
    }
}
