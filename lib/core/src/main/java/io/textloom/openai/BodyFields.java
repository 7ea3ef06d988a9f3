package io.textloom.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.text.RejectCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, read strictly: a value of the wrong type and a field that nobody asked for are errors. Null counts as absent, as in the API.
 */
final class BodyFields {
    static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final int SHOWN = 80;

    private final JsonNode object;
    private final String path;
    private final Set<String> read = new HashSet<>();

    BodyFields(JsonNode object, String path) {
        if (!object.isObject()) {
            throw RequestException.of(path, found(object), "an object");
        }
        this.object = object;
        this.path = path;
    }

    /** @throws RequestException if the text is not one JSON object */
    static BodyFields parse(String body) {
        try {
            return new BodyFields(JSON.readTree(body), "body");
        } catch (JsonProcessingException e) {
            throw RequestException.of("body", "no JSON: " + e.getOriginalMessage(), "one JSON object");
        }
    }

    String path(String name) {
        return path + "." + name;
    }

    /** Null where the field is absent. */
    @Nullable
    JsonNode get(String name) {
        read.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    JsonNode required(String name, String expected) {
        JsonNode value = get(name);
        if (value == null) {
            throw RequestException.of(path(name), "absent", expected);
        }
        return value;
    }

    /** Fields that change nothing here. */
    void ignore(String... names) {
        read.addAll(List.of(names));
    }

    /** Fields that may only have the value that changes nothing. */
    void refuse(String name, String remedy) {
        JsonNode value = get(name);
        boolean idle =
                value == null || (value.isBoolean() && !value.asBoolean()) || (value.isArray() && value.isEmpty());
        if (!idle) {
            throw RequestException.refused(path(name), remedy);
        }
    }

    boolean flag(String name) {
        JsonNode value = get(name);
        if (value != null && !value.isBoolean()) {
            throw wrong(name, value, "true or false");
        }
        return value != null && value.asBoolean();
    }

    OptionalDouble number(String name, double least, double most) {
        JsonNode value = get(name);
        if (value == null) {
            return OptionalDouble.empty();
        }
        double number = value.isNumber() ? value.asDouble() : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw wrong(name, value, "a number from " + plain(least) + " to " + plain(most));
        }
        return OptionalDouble.of(number);
    }

    OptionalInt integer(String name, int least, int most) {
        JsonNode value = get(name);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < least || value.asInt() > most) {
            throw wrong(
                    name,
                    value,
                    most == Integer.MAX_VALUE
                            ? "an integer from " + least
                            : "an integer from " + least + " to " + most);
        }
        return OptionalInt.of(value.asInt());
    }

    OptionalLong longInteger(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, value, "an integer of 64 bits");
        }
        return OptionalLong.of(value.asLong());
    }

    Optional<String> text(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw wrong(name, value, "a string");
        }
        return Optional.of(value.asText());
    }

    /** One text or a list of texts. */
    Optional<List<String>> texts(String name, int most) {
        JsonNode value = get(name);
        if (value == null) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        if (value.isTextual()) {
            texts.add(value.asText());
        } else if (value.isArray() && value.size() <= most) {
            for (JsonNode each : value) {
                if (!each.isTextual()) {
                    throw wrong(name, value, "a string or a list of strings");
                }
                texts.add(each.asText());
            }
        } else {
            throw wrong(name, value, "a string or a list of at most " + most + " strings");
        }
        return Optional.of(texts);
    }

    Optional<List<Integer>> integers(String name) {
        JsonNode value = get(name);
        return value == null ? Optional.empty() : Optional.of(integers(path(name), value));
    }

    /** @throws RequestException if the value is not a list of token ids */
    static List<Integer> integers(String path, JsonNode value) {
        List<Integer> ids = new ArrayList<>();
        boolean sound = value.isArray();
        for (Iterator<JsonNode> all = value.iterator(); sound && all.hasNext(); ) {
            JsonNode id = all.next();
            sound = id.isIntegralNumber() && id.canConvertToInt() && id.asInt() >= 0;
            ids.add(id.asInt());
        }
        if (!sound) {
            throw RequestException.of(path, found(value), "a list of token ids");
        }
        return ids;
    }

    /** @throws RequestException if there is a field that was not asked for */
    void requireNoOthers() {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!read.contains(name)) {
                throw new RequestException(
                        RejectCode.INVALID_REQUEST, "The field " + shown(path(name)) + " is not known; leave it out");
            }
        }
    }

    RequestException wrong(String name, JsonNode value, String expected) {
        return RequestException.of(path(name), found(value), expected);
    }

    static String found(JsonNode value) {
        return shown(value.toString());
    }

    /** Short enough for a message. */
    static String shown(String text) {
        return text.codePointCount(0, text.length()) <= SHOWN
                ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e9
                ? String.valueOf((long) number)
                : String.valueOf(number);
    }
}
