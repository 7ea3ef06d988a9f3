package io.textloom.config;

import java.util.Locale;

/** Types of settings, and how a text becomes a value of each. */
public enum ValueType {
    STRING("TEXT", "a text") {
        @Override
        Object read(String text) {
            return text;
        }
    },
    PATH("PATH", "a path") {
        @Override
        Object read(String text) {
            return text;
        }
    },
    INT("INT", "a whole number") {
        @Override
        Object read(String text) {
            return Integer.valueOf(text.strip());
        }
    },
    LONG("INT", "a whole number") {
        @Override
        Object read(String text) {
            return Long.valueOf(text.strip());
        }
    },
    DOUBLE("NUMBER", "a number") {
        @Override
        Object read(String text) {
            double number = Double.parseDouble(text.strip());
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("not finite");
            }
            return number;
        }
    },
    BOOLEAN("true|false", "true or false") {
        @Override
        Object read(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "true", "yes", "on" -> true;
                case "false", "no", "off" -> false;
                default -> throw new IllegalArgumentException("neither true nor false");
            };
        }
    },
    /** One of the setting's choices, in lower case with hyphens. */
    ENUM("NAME", "one of the choices") {
        @Override
        Object read(String text) {
            return text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    },
    /** Names, split at commas. */
    LIST("NAME", "a list of names") {
        @Override
        Object read(String text) {
            return ListTexts.names(text);
        }
    },
    /** Paths, split at commas outside of braces; {@code sql:SELECT a, b} is one. */
    PATHS("PATH", "a list of paths") {
        @Override
        Object read(String text) {
            return ListTexts.paths(text);
        }
    },
    /** Texts, never split; {@code \n} and the like are read as in HOCON. */
    TEXTS("TEXT", "a list of texts") {
        @Override
        Object read(String text) {
            return ListTexts.texts(text);
        }
    };

    private final String label;
    private final String expected;

    ValueType(String label, String expected) {
        this.label = label;
        this.expected = expected;
    }

    /** What stands for the value in a usage line. */
    public String label() {
        return label;
    }

    /** {@code a whole number}, for messages. */
    public String expected() {
        return expected;
    }

    public boolean isList() {
        return this == LIST || this == PATHS || this == TEXTS;
    }

    /** @throws IllegalArgumentException if the text is not of this type */
    abstract Object read(String text);
}
