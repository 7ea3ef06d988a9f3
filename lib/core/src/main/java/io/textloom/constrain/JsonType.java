package io.textloom.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Types of values. An integer is a number too. */
enum JsonType {
    OBJECT,
    ARRAY,
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN,
    NULL;

    static Optional<JsonType> named(String name) {
        return Arrays.stream(values())
                .filter(t -> t.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }

    /** Values of both. */
    static Set<JsonType> both(Set<JsonType> a, Set<JsonType> b) {
        Set<JsonType> both = EnumSet.noneOf(JsonType.class);
        for (JsonType type : values()) {
            if (covers(a, type) && covers(b, type)) {
                both.add(type);
            }
        }
        if (both.contains(NUMBER)) {
            both.remove(INTEGER);
        }
        return both;
    }

    private static boolean covers(Set<JsonType> types, JsonType type) {
        return types.contains(type) || type == INTEGER && types.contains(NUMBER);
    }

    /** Whether two values are one for JSON schemas, as 1 and 1.0 are. */
    static boolean same(JsonNode a, JsonNode b) {
        return a.equals(
                (x, y) -> x.isNumber() && y.isNumber()
                        ? x.decimalValue().compareTo(y.decimalValue())
                        : x.equals(y) ? 0 : 1,
                b);
    }

    static boolean has(Set<JsonType> types, JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> types.contains(OBJECT);
            case ARRAY -> types.contains(ARRAY);
            case STRING -> types.contains(STRING);
            case BOOLEAN -> types.contains(BOOLEAN);
            case NULL -> types.contains(NULL);
            case NUMBER ->
                types.contains(NUMBER)
                        || types.contains(INTEGER)
                                && value.decimalValue().stripTrailingZeros().scale() <= 0;
            default -> false;
        };
    }
}
