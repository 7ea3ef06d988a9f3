package io.textloom.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What some schemas ask of a value together. Filled once, keyword by keyword; not safe for concurrent use while it is. */
final class MergedSchema {
    /** Keywords that tell the reader something and change nothing, or are looked at elsewhere. */
    private static final Set<String> SILENT = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "example",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$schema",
            "$id",
            "id",
            "$comment",
            "$defs",
            "definitions",
            "$anchor",
            "$vocabulary",
            "contentEncoding",
            "contentMediaType",
            "contentSchema",
            "discriminator",
            "$ref",
            "allOf",
            "anyOf",
            "oneOf",
            "properties",
            "additionalProperties");

    /** No upper bound of a length. */
    static final int UNBOUNDED = Expr.UNBOUNDED;

    final List<SchemaPart> parts;
    Set<JsonType> types = EnumSet.of(
            JsonType.OBJECT, JsonType.ARRAY, JsonType.STRING, JsonType.NUMBER, JsonType.BOOLEAN, JsonType.NULL);
    boolean typed;
    final Map<String, List<SchemaPart>> properties = new LinkedHashMap<>();
    final Set<String> required = new LinkedHashSet<>();

    /** Of the members without a property of their own; empty if no schema says anything. */
    final List<SchemaPart> additional = new ArrayList<>();

    final List<List<SchemaPart>> prefixItems = new ArrayList<>();
    final List<SchemaPart> items = new ArrayList<>();
    int minItems;
    int maxItems = UNBOUNDED;
    int minLength;
    int maxLength = UNBOUNDED;
    final Map<String, String> patterns = new LinkedHashMap<>();
    Optional<String> format = Optional.empty();
    Bounds bounds = Bounds.NONE;
    Optional<List<JsonNode>> values = Optional.empty();
    int minProperties;
    int maxProperties = UNBOUNDED;
    boolean unique;

    private MergedSchema(List<SchemaPart> parts) {
        this.parts = parts;
    }

    /** @throws ConstraintException if a keyword is not followed, or a schema contradicts itself */
    static MergedSchema of(List<SchemaPart> parts) {
        MergedSchema merged = new MergedSchema(parts);
        for (SchemaPart part : parts) {
            if (part.schema().isBoolean()) {
                throw new ImpossibleException("jsonSchema " + part.at() + " is impossible: the schema is false");
            }
            for (Iterator<String> names = part.schema().fieldNames(); names.hasNext(); ) {
                merged.add(part, names.next());
            }
        }
        merged.mergeProperties();
        merged.mergeItems();
        merged.check();
        return merged;
    }

    /** Where it is, for messages. */
    String at() {
        return parts.isEmpty() ? "#" : parts.get(0).at();
    }

    private void add(SchemaPart part, String keyword) {
        JsonNode value = part.get(keyword);
        switch (keyword) {
            case "type" -> {
                types = JsonType.both(types, types(part));
                typed = true;
            }
            case "enum" -> restrict(part, keyword, value.isArray() ? elements(value) : List.of());
            case "const" -> restrict(part, keyword, List.of(value));
            case "required" -> elements(value).forEach(name -> required.add(text(part, keyword, name)));
            case "minItems" -> minItems = Math.max(minItems, count(part, keyword));
            case "maxItems" -> maxItems = smaller(maxItems, count(part, keyword));
            case "minLength" -> minLength = Math.max(minLength, count(part, keyword));
            case "maxLength" -> maxLength = smaller(maxLength, count(part, keyword));
            case "minProperties" -> minProperties = Math.max(minProperties, count(part, keyword));
            case "maxProperties" -> maxProperties = smaller(maxProperties, count(part, keyword));
            case "pattern" -> patterns.putIfAbsent(text(part, keyword, value), part.at());
            case "format" -> addFormat(part, text(part, keyword, value));
            case "minimum" ->
                bounds = bounds.atLeast(
                        minimum(part, keyword), part.get("exclusiveMinimum").asBoolean(false));
            case "maximum" ->
                bounds = bounds.atMost(
                        minimum(part, keyword), part.get("exclusiveMaximum").asBoolean(false));
            case "exclusiveMinimum" ->
                bounds = value.isBoolean() ? bounds : bounds.atLeast(minimum(part, keyword), true);
            case "exclusiveMaximum" ->
                bounds = value.isBoolean() ? bounds : bounds.atMost(minimum(part, keyword), true);
            case "multipleOf" -> addMultiple(part, minimum(part, keyword));
            case "uniqueItems" -> unique |= value.asBoolean();
            case "prefixItems", "items" -> {
                if (keyword.equals("items") && value.isArray()) {
                    throw part.wrong(keyword, "is a list", "use prefixItems, as drafts since 2020-12 do");
                }
            }
            default -> {
                if (!SILENT.contains(keyword) && !keyword.startsWith("x-")) {
                    throw part.wrong(
                            keyword,
                            "is a keyword that is not followed",
                            "leave it out, or say it with type, properties, required, enum, const, items, pattern, minimum and the like");
                }
            }
        }
    }

    private static Set<JsonType> types(SchemaPart part) {
        JsonNode type = part.get("type");
        Set<JsonType> types = EnumSet.noneOf(JsonType.class);
        for (JsonNode name : type.isArray() ? elements(type) : List.of(type)) {
            types.add(JsonType.named(name.asText())
                    .orElseThrow(() -> part.wrong(
                            "type",
                            "has " + name,
                            "expected object, array, string, integer, number, boolean or null, or a list of them")));
        }
        return types;
    }

    private void restrict(SchemaPart part, String keyword, List<JsonNode> allowed) {
        List<JsonNode> both = new ArrayList<>();
        for (JsonNode value : allowed) {
            if (values.isEmpty() || values.get().stream().anyMatch(v -> JsonType.same(v, value))) {
                both.add(value);
            }
        }
        if (both.isEmpty()) {
            throw part.impossible(keyword, "no value is left");
        }
        values = Optional.of(both);
    }

    private void addFormat(SchemaPart part, String name) {
        if (format.isPresent() && !format.get().equals(name)) {
            throw part.wrong("format", "is \"" + name + "\" beside \"" + format.get() + "\"", "keep one of them");
        }
        format = Optional.of(name);
    }

    private void addMultiple(SchemaPart part, BigDecimal divisor) {
        if (divisor.signum() <= 0) {
            throw part.wrong("multipleOf", "is " + divisor, "expected a number above 0");
        }
        if (bounds.multipleOf().isPresent() && bounds.multipleOf().get().compareTo(divisor) != 0) {
            throw part.wrong("multipleOf", "is " + divisor + " beside another", "keep one of them");
        }
        bounds = bounds.multiplesOf(divisor);
    }

    /** A key that one schema has and another has not is, for that one, an additional property. */
    private void mergeProperties() {
        Set<String> names = new LinkedHashSet<>();
        for (SchemaPart part : parts) {
            part.get("properties").fieldNames().forEachRemaining(names::add);
        }
        names.addAll(required);
        boolean said = false;
        for (SchemaPart part : parts) {
            if (part.has("additionalProperties")) {
                additional.add(part.child("additionalProperties"));
            }
            said |= part.has("properties");
        }
        for (String name : names) {
            List<SchemaPart> all = new ArrayList<>();
            for (SchemaPart part : parts) {
                if (part.get("properties").has(name)) {
                    all.add(part.property("properties", name));
                } else if (part.has("additionalProperties")) {
                    all.add(part.child("additionalProperties"));
                }
            }
            properties.put(name, all);
        }
        if (said && additional.isEmpty()) {
            // what is not described is not written
            additional.add(new SchemaPart(com.fasterxml.jackson.databind.node.BooleanNode.FALSE, at()));
        }
    }

    private void mergeItems() {
        int longest = 0;
        boolean prefix = false;
        for (SchemaPart part : parts) {
            longest = Math.max(longest, part.get("prefixItems").size());
            prefix |= part.has("prefixItems");
        }
        for (int i = 0; i < longest; i++) {
            List<SchemaPart> all = new ArrayList<>();
            for (SchemaPart part : parts) {
                if (i < part.get("prefixItems").size()) {
                    all.add(part.list("prefixItems").get(i));
                } else if (part.has("items")) {
                    all.add(part.child("items"));
                }
            }
            prefixItems.add(all);
        }
        for (SchemaPart part : parts) {
            if (part.has("items")) {
                items.add(part.child("items"));
            }
        }
        if (prefix && items.isEmpty() && minItems <= longest) {
            maxItems = smaller(maxItems, longest);
        }
    }

    private void check() {
        if (types.isEmpty()) {
            throw impossible("no type is left");
        }
        if (maxLength != UNBOUNDED && minLength > maxLength) {
            throw impossible("minLength " + minLength + " is above maxLength " + maxLength);
        }
        if (maxItems != UNBOUNDED && minItems > maxItems) {
            throw impossible("minItems " + minItems + " is above maxItems " + maxItems);
        }
        if (bounds.min().isPresent() && bounds.max().isPresent()) {
            int order = bounds.min().get().compareTo(bounds.max().get());
            if (order > 0 || order == 0 && (bounds.minExclusive() || bounds.maxExclusive())) {
                throw impossible("no number is " + bounds);
            }
        }
        for (String name : required) {
            for (SchemaPart part : properties.getOrDefault(name, List.of())) {
                if (part.schema().isBoolean() && !part.schema().booleanValue()) {
                    throw impossible("the property \"" + name + "\" is required and not allowed");
                }
            }
        }
    }

    ConstraintException impossible(String why) {
        return new ImpossibleException("jsonSchema " + at() + " is impossible: " + why);
    }

    private static List<JsonNode> elements(JsonNode list) {
        List<JsonNode> elements = new ArrayList<>();
        list.forEach(elements::add);
        return elements;
    }

    private static String text(SchemaPart part, String keyword, JsonNode value) {
        if (!value.isTextual()) {
            throw part.wrong(keyword, "is " + value, "expected a text");
        }
        return value.textValue();
    }

    private static int count(SchemaPart part, String keyword) {
        JsonNode value = part.get(keyword);
        if (!value.isNumber()
                || value.decimalValue().stripTrailingZeros().scale() > 0
                || value.decimalValue().signum() < 0) {
            throw part.wrong(keyword, "is " + value, "expected a whole number from 0");
        }
        if (value.decimalValue().compareTo(BigDecimal.valueOf(NetworkBuilder.MAX_COUNT)) > 0) {
            throw part.wrong(
                    keyword,
                    "is " + value,
                    "expected at most " + NetworkBuilder.MAX_COUNT + ": leave it out or lower it");
        }
        return value.decimalValue().intValueExact();
    }

    private static BigDecimal minimum(SchemaPart part, String keyword) {
        JsonNode value = part.get(keyword);
        if (!value.isNumber()) {
            throw part.wrong(keyword, "is " + value, "expected a number");
        }
        BigDecimal number = value.decimalValue();
        if (number.signum() != 0 && Math.abs((long) number.precision() - number.scale()) > 400) {
            throw part.wrong(keyword, "is " + value, "expected a number that a double can hold");
        }
        return number;
    }

    private static int smaller(int bound, int other) {
        return bound == UNBOUNDED ? other : Math.min(bound, other);
    }
}
