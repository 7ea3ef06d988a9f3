package io.textloom.prompt.jinja;

/**
 * A piece of a template.
 *
 * @param text of data and names as it stands, of strings without quotes and escapes, of numbers without underscores
 * @param line from 1
 */
record Token(Type type, String text, int line) {
    enum Type {
        DATA,
        BLOCK_BEGIN,
        BLOCK_END,
        PRINT_BEGIN,
        PRINT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Type other, String spelling) {
        return type == other && text.equals(spelling);
    }

    boolean operator(String spelling) {
        return is(Type.OPERATOR, spelling);
    }

    boolean name(String spelling) {
        return is(Type.NAME, spelling);
    }

    /** For messages. */
    String description() {
        return switch (type) {
            case DATA -> "text";
            case BLOCK_BEGIN -> "{%";
            case BLOCK_END -> "%}";
            case PRINT_BEGIN -> "{{";
            case PRINT_END -> "}}";
            case STRING -> "'" + text + "'";
            case END -> "the end of the template";
            default -> text;
        };
    }
}
