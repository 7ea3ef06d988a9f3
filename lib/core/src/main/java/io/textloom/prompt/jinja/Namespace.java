package io.textloom.prompt.jinja;

/** Attributes that inner scopes may set. */
final class Namespace {
    private final Dict attributes;

    Namespace(Dict attributes) {
        this.attributes = attributes;
        attributes.keys().forEach(Namespace::check);
    }

    Dict attributes() {
        return attributes;
    }

    void set(String name, Object value) {
        check(name);
        attributes.put(name, value);
    }

    private static void check(Object name) {
        if (name instanceof String s && s.startsWith("_")) {
            throw new Fault("Chat templates cannot store underscore-prefixed attributes on a namespace, but got '" + s
                    + "'. Please rename the attribute.");
        }
    }
}
