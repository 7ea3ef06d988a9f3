package io.textloom.token.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;

/** Reads fields of one part of a tokenizer file and says what is wrong with them. */
final class Part {
    private final String role;
    private final JsonNode node;

    /** @param role what the part is, such as {@code normalizer} */
    Part(String role, JsonNode node) {
        this.role = role;
        this.node = node;
        if (!node.isObject() || !node.path("type").isTextual()) {
            throw new IllegalArgumentException(
                    "the " + role + " is " + shown(node) + "; expected an object with a \"type\"");
        }
    }

    String type() {
        return node.path("type").textValue();
    }

    boolean flag(String name, boolean absent) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value.booleanValue();
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    String text(String name) {
        if (!node.path(name).isTextual()) {
            throw wrong(name, "a text");
        }
        return node.path(name).textValue();
    }

    String text(String name, String absent) {
        return has(name) ? text(name) : absent;
    }

    /** A text that is not empty. */
    String filled(String name, String absent) {
        String text = text(name, absent);
        if (text.isEmpty()) {
            throw wrong(name, "a text that is not empty");
        }
        return text;
    }

    /** A single character. */
    String character(String name) {
        String text = text(name);
        if (text.isEmpty() || text.codePointCount(0, text.length()) != 1) {
            throw wrong(name, "one character");
        }
        return text;
    }

    /** A whole number, 0 or more. */
    int count(String name) {
        int count = number(name, -1);
        if (count < 0) {
            throw wrong(name, "a whole number, 0 or more");
        }
        return count;
    }

    int number(String name, int absent) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(name, "a whole number");
        }
        return value.intValue();
    }

    /** The raw field. */
    JsonNode field(String name) {
        return node.path(name);
    }

    /** Visits the steps of a {@code Sequence}; if some are not covered the others are visited all the same. */
    void forEachStep(String name, Consumer<Part> visitor) {
        if (!node.path(name).isArray()) {
            throw wrong(name, "an array");
        }
        NotCovered missing = null;
        for (JsonNode step : node.path(name)) {
            try {
                visitor.accept(new Part(role, step));
            } catch (NotCovered e) {
                missing = missing == null ? e : missing;
            }
        }
        if (missing != null) {
            throw missing;
        }
    }

    NotCovered notCovered() {
        return new NotCovered("the " + role + " " + type());
    }

    /** @param detail such as {@code with prefix "##"} */
    NotCovered notCovered(String detail) {
        return new NotCovered("the " + role + " " + type() + " " + detail);
    }

    IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException("the field \"" + name + "\" of the " + role + " " + type() + " is "
                + shown(node.path(name)) + "; expected " + expected);
    }

    private static String shown(JsonNode node) {
        String text = node.isMissingNode() ? "absent" : node.toString();
        return cut(text);
    }

    /** The beginning of a text, for messages. */
    static String cut(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
