package io.textloom.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A schema inside a schema.
 *
 * @param schema object or boolean
 * @param at where it is, as a JSON pointer behind {@code #}
 */
record SchemaPart(JsonNode schema, String at) {
    private static final int MAX_LIST = 1000;

    SchemaPart {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw new ConstraintException("jsonSchema " + at + " is "
                    + schema.getNodeType().toString().toLowerCase(java.util.Locale.ROOT)
                    + "; expected a schema: an object, true or false");
        }
    }

    boolean has(String keyword) {
        return schema.has(keyword);
    }

    JsonNode get(String keyword) {
        return schema.path(keyword);
    }

    SchemaPart child(String keyword) {
        return new SchemaPart(get(keyword), at + "/" + keyword);
    }

    SchemaPart property(String keyword, String name) {
        return new SchemaPart(
                get(keyword).path(name),
                at + "/" + keyword + "/" + name.replace("~", "~0").replace("/", "~1"));
    }

    /** The schemas of a keyword that has a list of them. */
    List<SchemaPart> list(String keyword) {
        JsonNode all = get(keyword);
        if (!all.isArray() || all.isEmpty()) {
            throw wrong(keyword, "is no list of schemas", "give at least one");
        }
        if (all.size() > MAX_LIST) {
            throw wrong(keyword, "has " + all.size() + " schemas", "expected at most " + MAX_LIST);
        }
        List<SchemaPart> parts = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            parts.add(new SchemaPart(all.get(i), at + "/" + keyword + "/" + i));
        }
        return parts;
    }

    ConstraintException wrong(String keyword, String what, String remedy) {
        return new ConstraintException("jsonSchema " + at + "/" + keyword + " " + what + "; " + remedy);
    }

    ConstraintException impossible(String keyword, String why) {
        return new ImpossibleException("jsonSchema " + at + "/" + keyword + " is impossible: " + why);
    }
}
