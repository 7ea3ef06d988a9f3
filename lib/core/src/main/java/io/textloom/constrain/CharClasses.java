package io.textloom.constrain;

import java.util.Map;
import java.util.Optional;

/** Classes of characters that regular expressions name, as {@link java.util.regex.Pattern} has them. */
final class CharClasses {
    static final CodePoints DIGIT = CodePoints.of('0', '9');
    static final CodePoints WORD =
            DIGIT.or(CodePoints.of('a', 'z')).or(CodePoints.of('A', 'Z')).or(CodePoints.of("_"));
    static final CodePoints SPACE = CodePoints.of(" \t\n\u000b\f\r");

    private static final Map<String, Integer> CATEGORIES = Map.ofEntries(
            Map.entry("Lu", 1 << Character.UPPERCASE_LETTER),
            Map.entry("Ll", 1 << Character.LOWERCASE_LETTER),
            Map.entry("Lt", 1 << Character.TITLECASE_LETTER),
            Map.entry("Lm", 1 << Character.MODIFIER_LETTER),
            Map.entry("Lo", 1 << Character.OTHER_LETTER),
            Map.entry("Mn", 1 << Character.NON_SPACING_MARK),
            Map.entry("Me", 1 << Character.ENCLOSING_MARK),
            Map.entry("Mc", 1 << Character.COMBINING_SPACING_MARK),
            Map.entry("Nd", 1 << Character.DECIMAL_DIGIT_NUMBER),
            Map.entry("Nl", 1 << Character.LETTER_NUMBER),
            Map.entry("No", 1 << Character.OTHER_NUMBER),
            Map.entry("Zs", 1 << Character.SPACE_SEPARATOR),
            Map.entry("Zl", 1 << Character.LINE_SEPARATOR),
            Map.entry("Zp", 1 << Character.PARAGRAPH_SEPARATOR),
            Map.entry("Pd", 1 << Character.DASH_PUNCTUATION),
            Map.entry("Ps", 1 << Character.START_PUNCTUATION),
            Map.entry("Pe", 1 << Character.END_PUNCTUATION),
            Map.entry("Pc", 1 << Character.CONNECTOR_PUNCTUATION),
            Map.entry("Po", 1 << Character.OTHER_PUNCTUATION),
            Map.entry("Pi", 1 << Character.INITIAL_QUOTE_PUNCTUATION),
            Map.entry("Pf", 1 << Character.FINAL_QUOTE_PUNCTUATION),
            Map.entry("Sm", 1 << Character.MATH_SYMBOL),
            Map.entry("Sc", 1 << Character.CURRENCY_SYMBOL),
            Map.entry("Sk", 1 << Character.MODIFIER_SYMBOL),
            Map.entry("So", 1 << Character.OTHER_SYMBOL));

    private CharClasses() {}

    /** A general category of one or two letters, or a script with {@code Is} before it. */
    static Optional<CodePoints> property(String name) {
        if (name.startsWith("Is") && name.length() > 2) {
            return script(name.substring(2));
        }
        int types = 0;
        for (Map.Entry<String, Integer> category : CATEGORIES.entrySet()) {
            if (category.getKey().equals(name)
                    || name.length() == 1 && category.getKey().startsWith(name)) {
                types |= category.getValue();
            }
        }
        int wanted = types;
        return wanted == 0
                ? Optional.empty()
                : Optional.of(CodePoints.where(c -> (wanted >> Character.getType(c) & 1) != 0));
    }

    private static Optional<CodePoints> script(String name) {
        try {
            Character.UnicodeScript script = Character.UnicodeScript.forName(name);
            return Optional.of(CodePoints.where(c -> Character.UnicodeScript.of(c) == script));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
