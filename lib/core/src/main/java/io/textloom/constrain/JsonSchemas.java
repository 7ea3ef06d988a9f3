package io.textloom.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON schema as a grammar of its instances, each value a rule. Which part of the standard is followed stands in decision 15. Not safe for concurrent use. */
final class JsonSchemas {
    private static final int MAX_RULES = 20_000;

    /** unit: characters */
    private static final int MAX_KEY = 200;

    private static final int MAX_PREFIX = 200;

    private final SchemaDocument document;
    private final Grammar grammar = new Grammar();
    private final Map<List<JsonNode>, Integer> rules = new HashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /** Where a {@code oneOf} has been looked at. */
    private final Set<String> told = new HashSet<>();

    private @Nullable Expr anything;

    private JsonSchemas(SchemaDocument document) {
        this.document = document;
    }

    private record Waiting(int rule, List<SchemaPart> together) {}

    /** @throws ConstraintException if the schema is none, has keywords that are not followed, or is impossible */
    static Grammar grammar(String schema) {
        JsonSchemas schemas = new JsonSchemas(SchemaDocument.read(schema));
        schemas.value(List.of(schemas.document.root()));
        while (!schemas.waiting.isEmpty()) {
            Waiting next = schemas.waiting.remove();
            schemas.grammar.define(next.rule(), schemas.anyWay(next.together()));
        }
        return schemas.grammar;
    }

    /** A value that satisfies these schemas together; the same ones have the same rule. */
    private Expr value(List<SchemaPart> together) {
        List<JsonNode> key =
                together.stream().map(SchemaPart::schema).distinct().toList();
        Integer known = rules.get(key);
        if (known == null) {
            if (rules.size() == MAX_RULES) {
                throw new ConstraintException(
                        "jsonSchema has more than " + MAX_RULES + " different parts; make it smaller");
            }
            known = grammar.declare("jsonSchema "
                    + (together.isEmpty() ? "true" : together.get(0).at()));
            rules.put(key, known);
            waiting.add(new Waiting(known, together));
        }
        return new Expr.Ref(known);
    }

    /** Ways that contradict themselves fall out, unless all do. */
    private Expr anyWay(List<SchemaPart> together) {
        List<Expr> ways = new ArrayList<>();
        Optional<ConstraintException> first = Optional.empty();
        List<List<SchemaPart>> all = document.ways(together);
        for (List<SchemaPart> way : all) {
            for (SchemaPart part : way) {
                if (part.has("oneOf") && told.add(part.at())) {
                    SchemaOverlap.check(document, part);
                }
            }
            try {
                ways.add(instance(MergedSchema.of(way)));
            } catch (ImpossibleException e) {
                first = first.isPresent() ? first : Optional.of(e);
            }
        }
        if (ways.isEmpty()) {
            throw first.orElseThrow();
        }
        return Expr.alt(ways);
    }

    private Expr instance(MergedSchema schema) {
        if (schema.values.isPresent()) {
            return oneOf(schema, schema.values.get());
        }
        Set<JsonType> types = schema.typed ? schema.types : meant(schema);
        if (!schema.typed && types.size() > 1) {
            return anything();
        }
        List<Expr> ways = new ArrayList<>();
        for (JsonType type : types) {
            ways.add(
                    switch (type) {
                        case OBJECT -> object(schema);
                        case ARRAY -> array(schema);
                        case STRING -> string(schema);
                        case INTEGER, NUMBER -> number(schema, type == JsonType.INTEGER);
                        case BOOLEAN -> JsonText.BOOLEAN;
                        case NULL -> JsonText.NULL;
                    });
        }
        return Expr.alt(ways);
    }

    /** Without a type, the one that the other keywords are about. */
    private static Set<JsonType> meant(MergedSchema schema) {
        Set<JsonType> types = EnumSet.noneOf(JsonType.class);
        if (!schema.properties.isEmpty() || !schema.additional.isEmpty() || schema.minProperties > 0) {
            types.add(JsonType.OBJECT);
        }
        if (!schema.items.isEmpty() || !schema.prefixItems.isEmpty() || schema.minItems > 0 || schema.maxItems >= 0) {
            types.add(JsonType.ARRAY);
        }
        if (!schema.patterns.isEmpty() || schema.format.isPresent() || schema.minLength > 0 || schema.maxLength >= 0) {
            types.add(JsonType.STRING);
        }
        if (!schema.bounds.isNone()) {
            types.add(JsonType.NUMBER);
        }
        if (types.size() > 1) {
            throw new ConstraintException(
                    "jsonSchema " + schema.at() + " has keywords for " + types + " and no type; say which with type");
        }
        return types.isEmpty() ? schema.types : types;
    }

    private static Expr oneOf(MergedSchema schema, List<JsonNode> values) {
        if (!schema.patterns.isEmpty() || schema.format.isPresent()) {
            throw new ConstraintException("jsonSchema " + schema.at()
                    + " has enum or const beside pattern or format; keep" + " the values and leave the other out");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode value : values) {
            boolean container = value.isContainerNode();
            if (container
                    && (!schema.properties.isEmpty() || !schema.items.isEmpty() || !schema.prefixItems.isEmpty())) {
                throw new ConstraintException("jsonSchema " + schema.at() + " has objects or lists as values beside"
                        + " properties or items; keep the values and leave the others out");
            }
            int length = value.isTextual()
                    ? value.textValue().codePointCount(0, value.textValue().length())
                    : 0;
            boolean fits = JsonType.has(schema.types, value)
                    && (!value.isNumber() || schema.bounds.allow(value.decimalValue()))
                    && (!value.isTextual()
                            || length >= schema.minLength && (schema.maxLength < 0 || length <= schema.maxLength));
            if (fits) {
                texts.add(value.toString());
            }
        }
        if (texts.isEmpty()) {
            throw schema.impossible("none of the values of enum or const satisfies the other keywords");
        }
        return new Expr.Words(texts);
    }

    private Expr object(MergedSchema schema) {
        List<Expr.Member> members = new ArrayList<>();
        schema.properties.forEach((name, parts) -> {
            if (name.length() > MAX_KEY) {
                throw new ConstraintException("jsonSchema " + schema.at() + " has a property name of " + name.length()
                        + " characters; expected at most " + MAX_KEY);
            }
            if (!isFalse(parts)) {
                Expr key = Expr.text(JsonText.quoted(name));
                members.add(new Expr.Member(JsonText.entry(key, value(parts)), schema.required.contains(name), false));
            }
        });
        boolean open = !isFalse(schema.additional);
        if (schema.minProperties > schema.required.size()
                || schema.maxProperties >= 0 && (open || schema.maxProperties < members.size())) {
            throw new ConstraintException("jsonSchema " + schema.at() + " has minProperties or maxProperties, which are"
                    + " followed only where required and properties imply them; use those");
        }
        if (open) {
            Expr key = JsonText.keyExcept(schema.properties.keySet());
            members.add(new Expr.Member(JsonText.entry(key, value(schema.additional)), false, true));
        }
        return JsonText.object(members);
    }

    private static boolean isFalse(List<SchemaPart> parts) {
        return parts.stream()
                .anyMatch(p -> p.schema().isBoolean() && !p.schema().booleanValue());
    }

    private Expr array(MergedSchema schema) {
        if (schema.unique && (schema.maxItems < 0 || schema.maxItems > 1)) {
            throw new ConstraintException("jsonSchema " + schema.at() + "/uniqueItems is not followed; leave it out and"
                    + " remove repeated items afterwards");
        }
        int max = schema.maxItems;
        List<Expr> leading = new ArrayList<>();
        for (List<SchemaPart> item : schema.prefixItems) {
            if (isFalse(item)) {
                max = max < 0 ? leading.size() : Math.min(max, leading.size());
                break;
            }
            leading.add(value(item));
        }
        if (isFalse(schema.items)) {
            max = max < 0 ? leading.size() : Math.min(max, leading.size());
        }
        if (max >= 0 && schema.minItems > max) {
            throw schema.impossible("minItems " + schema.minItems + " is more than the " + max + " items there can be");
        }
        if (leading.size() > MAX_PREFIX) {
            throw new ConstraintException(
                    "jsonSchema " + schema.at() + "/prefixItems has more than " + MAX_PREFIX + " items; use items");
        }
        boolean more = max < 0 || max > leading.size();
        if (leading.isEmpty() && more) {
            leading.add(value(schema.items));
        }
        Expr rest = Expr.EMPTY;
        if (max < 0 || max > leading.size()) {
            Expr item = Expr.seq(JsonText.COMMA, value(schema.items));
            rest = new Expr.Repeat(
                    item,
                    Math.max(0, schema.minItems - leading.size()),
                    max < 0 ? Expr.UNBOUNDED : max - leading.size());
        }
        int most = max < 0 ? leading.size() : Math.min(max, leading.size());
        for (int i = most - 1; i >= 0; i--) {
            Expr item = Expr.seq(i == 0 ? Expr.EMPTY : JsonText.COMMA, leading.get(i), rest);
            rest = i < schema.minItems ? item : Expr.optional(item);
        }
        return JsonText.array(rest);
    }

    private static Expr string(MergedSchema schema) {
        boolean bounded = schema.minLength > 0 || schema.maxLength >= 0;
        if (schema.patterns.isEmpty() && schema.format.isEmpty()) {
            return JsonText.string(schema.minLength, schema.maxLength);
        }
        if (schema.patterns.size() + (schema.format.isPresent() ? 1 : 0) > 1 || bounded) {
            throw new ConstraintException("jsonSchema " + schema.at() + " has more than one of pattern, format and"
                    + " minLength or maxLength; say all in one pattern, lengths as {m,n}");
        }
        Expr characters = schema.format.isPresent()
                ? Formats.of(schema.format.get(), schema.at())
                : RegexParser.anywhere(
                        schema.patterns.keySet().iterator().next(),
                        "jsonSchema " + schema.patterns.values().iterator().next() + "/pattern");
        return JsonText.quoted(JsonText.escaped(characters));
    }

    private Expr number(MergedSchema schema, boolean integer) {
        if (schema.bounds.isNone()) {
            return integer ? JsonText.INTEGER : JsonText.NUMBER;
        }
        return Decimals.of(grammar, schema.at(), schema.bounds.integers(integer));
    }

    private Expr anything() {
        if (anything == null) {
            int rule = grammar.declare("any value");
            Expr value = new Expr.Ref(rule);
            anything = value;
            Expr.Member member = new Expr.Member(JsonText.entry(JsonText.keyExcept(Set.of()), value), false, true);
            Expr items = Expr.optional(Expr.seq(value, Expr.star(Expr.seq(JsonText.COMMA, value))));
            grammar.define(
                    rule,
                    Expr.alt(List.of(
                            JsonText.object(List.of(member)),
                            JsonText.array(items),
                            JsonText.string(0, Expr.UNBOUNDED),
                            JsonText.NUMBER,
                            JsonText.BOOLEAN,
                            JsonText.NULL)));
        }
        return anything;
    }
}
