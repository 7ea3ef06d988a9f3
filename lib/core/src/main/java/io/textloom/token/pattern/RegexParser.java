package io.textloom.token.pattern;

import io.textloom.token.unicode.CharClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the part of Oniguruma's syntax that tokenizer files use; anything else is {@link Unknown}. Not safe for concurrent use. */
final class RegexParser {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_COUNT = 1000;

    /** Inside {@code (?i:…)}: only what needs no folding of several characters into one. */
    private static final String FOLDED = "'sdmtlver|[]";

    private static final Map<String, Integer> PROPERTIES = Map.ofEntries(
            Map.entry("L", CharClasses.LETTER),
            Map.entry("N", CharClasses.NUMBER),
            Map.entry("Nd", CharClasses.DECIMAL),
            Map.entry("Lu", CharClasses.UPPER),
            Map.entry("Ll", CharClasses.LOWER),
            Map.entry("Lt", CharClasses.TITLE),
            Map.entry("Lm", CharClasses.MODIFIER),
            Map.entry("Lo", CharClasses.OTHER_LETTER),
            Map.entry("M", CharClasses.MARK),
            Map.entry("P", CharClasses.REGEX_PUNCTUATION),
            Map.entry("S", CharClasses.SYMBOL));

    private final int[] text;
    private int at;
    private int depth;
    private boolean folds;

    private RegexParser(String expression) {
        text = expression.codePoints().toArray();
    }

    /** Something this parser does not know; no stack trace, since it is an answer. */
    static final class Unknown extends Exception {
        Unknown(String what) {
            super(what, null, false, false);
        }
    }

    static Node parse(String expression) throws Unknown {
        RegexParser parser = new RegexParser(expression);
        Node node = parser.choice();
        if (parser.at < parser.text.length) {
            throw parser.unknown();
        }
        return node;
    }

    private Node choice() throws Unknown {
        if (++depth > MAX_DEPTH) {
            throw unknown();
        }
        List<Node> ways = new ArrayList<>();
        ways.add(chain());
        while (take('|')) {
            ways.add(chain());
        }
        depth--;
        return ways.size() == 1 ? ways.get(0) : new Node.Choice(ways);
    }

    private Node chain() throws Unknown {
        List<Node> parts = new ArrayList<>();
        while (at < text.length && text[at] != '|' && text[at] != ')') {
            parts.add(repeated(atom()));
        }
        return parts.size() == 1 ? parts.get(0) : new Node.Chain(parts);
    }

    private Node repeated(Node part) throws Unknown {
        int min;
        int max;
        if (take('?')) {
            min = 0;
            max = 1;
        } else if (take('*')) {
            min = 0;
            max = Node.UNBOUNDED;
        } else if (take('+')) {
            min = 1;
            max = Node.UNBOUNDED;
        } else if (at + 1 < text.length && text[at] == '{' && (isDigit(text[at + 1]) || text[at + 1] == ',')) {
            at++;
            min = count();
            max = take(',') ? peek() == '}' ? Node.UNBOUNDED : count() : min;
            if (!take('}') || max < min || peek() == '+') {
                throw unknown();
            }
            return ended(new Node.Repeat(part, min, max, false));
        } else {
            return part;
        }
        return ended(new Node.Repeat(part, min, max, take('+')));
    }

    /** Refuses lazy and repeated repetition, and repetition of what may be empty. */
    private Node ended(Node.Repeat repeat) throws Unknown {
        boolean odd = peek() == '?' || peek() == '*' || peek() == '+' || peek() == '{';
        if (odd || repeat.part().canBeEmpty() || repeat.possessive() && !(repeat.part() instanceof Node.One)) {
            throw unknown();
        }
        return repeat;
    }

    private Node atom() throws Unknown {
        int c = text[at++];
        return switch (c) {
            case '(' -> group();
            case '[' -> new Node.One(set());
            case '\\' -> new Node.One(escape());
            case '.' -> new Node.One(new CharSet(0, 0, List.of((int) '\n', (int) '\n'), true));
            case '^', '$', '*', '+', '?' -> throw unknown();
            default -> new Node.One(folded(c));
        };
    }

    private Node group() throws Unknown {
        boolean outer = folds;
        Node node;
        if (!take('?')) {
            node = choice();
        } else if (take(':')) {
            node = choice();
        } else if (take('=')) {
            node = new Node.Ahead(choice(), false);
        } else if (take('!')) {
            node = new Node.Ahead(choice(), true);
        } else if (take('i') && take(':')) {
            requireFoldable();
            folds = true;
            node = choice();
        } else {
            throw unknown();
        }
        folds = outer;
        if (!take(')')) {
            throw unknown();
        }
        return node;
    }

    private void requireFoldable() throws Unknown {
        for (int i = at; i < text.length && text[i] != ')'; i++) {
            int before = i == at ? '|' : text[i - 1];
            boolean pair = (text[i] == 's' || text[i] == 't') && (before == 's' || before == ']');
            if (FOLDED.indexOf(text[i]) < 0 || pair && !inBrackets(i)) {
                throw unknown();
            }
        }
    }

    private boolean inBrackets(int place) {
        for (int i = place; i >= at; i--) {
            if (text[i] == '[' || text[i] == ']') {
                return text[i] == '[';
            }
        }
        return false;
    }

    private CharSet folded(int c) {
        if (!folds || !Character.isLetter(c)) {
            return CharSet.of(c);
        }
        return c == 's' ? CharSet.of('s', 'S', 0x17f) : CharSet.of(c, Character.toUpperCase(c));
    }

    private CharSet escape() throws Unknown {
        Members members = new Members();
        escapeInto(members);
        return members.set(false);
    }

    private CharSet set() throws Unknown {
        boolean negated = take('^');
        Members members = new Members();
        boolean first = true;
        while (true) {
            if (at >= text.length || peek() == '[' || peek() == '&' && at + 1 < text.length && text[at + 1] == '&') {
                throw unknown();
            }
            if (!first && take(']')) {
                return members.set(negated);
            }
            first = false;
            member(members);
        }
    }

    private void member(Members members) throws Unknown {
        int c = text[at++];
        int low = c;
        if (c == '\\') {
            low = escapeInto(members);
        } else if (c == ']') {
            throw unknown();
        }
        boolean range = low >= 0 && peek() == '-' && at + 1 < text.length && text[at + 1] != ']';
        if (range) {
            at++;
            int high = text[at++];
            if (high == '\\') {
                high = escapeInto(new Members());
            }
            if (high < low || high == '[' || folds) {
                throw unknown();
            }
            members.add(low, high);
        } else if (low >= 0 && c != '\\') {
            members.add(low, low);
            if (folds) {
                members.add(Character.toUpperCase(low), Character.toUpperCase(low));
                if (low == 's') {
                    members.add(0x17f, 0x17f);
                }
            }
        }
    }

    /** @return the character that was added; -1 if it was a class */
    private int escapeInto(Members members) throws Unknown {
        if (at >= text.length) {
            throw unknown();
        }
        int c = text[at++];
        switch (c) {
            case 's' -> members.classes |= CharClasses.SPACE;
            case 'S' -> members.withoutClasses |= CharClasses.SPACE;
            case 'd' -> members.classes |= CharClasses.DECIMAL;
            case 'D' -> members.withoutClasses |= CharClasses.DECIMAL;
            case 'p', 'P' -> property(members, c == 'P');
            default -> {
                int literal = switch (c) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'u' -> hex(4);
                    default -> isAsciiLetter(c) || isDigit(c) ? -1 : c;
                };
                if (literal < 0) {
                    throw unknown();
                }
                members.add(literal, literal);
                return literal;
            }
        }
        return -1;
    }

    private void property(Members members, boolean negative) throws Unknown {
        if (!take('{')) {
            throw unknown();
        }
        boolean without = take('^') != negative;
        StringBuilder name = new StringBuilder();
        while (at < text.length && text[at] != '}') {
            name.appendCodePoint(text[at++]);
        }
        Integer bits = PROPERTIES.get(name.toString());
        if (bits == null || !take('}')) {
            throw new Unknown("\\p{" + name + "}");
        }
        if (without) {
            members.withoutClasses |= bits;
        } else {
            members.classes |= bits;
        }
    }

    private int hex(int digits) throws Unknown {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length && text[at] < 128 ? Character.digit(text[at++], 16) : -1;
            if (digit < 0) {
                throw unknown();
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private int count() throws Unknown {
        int value = 0;
        int start = at;
        while (at < text.length && isDigit(text[at])) {
            value = value * 10 + text[at++] - '0';
            if (value > MAX_COUNT) {
                throw unknown();
            }
        }
        if (at == start) {
            throw unknown();
        }
        return value;
    }

    private boolean take(int c) {
        boolean found = peek() == c;
        at += found ? 1 : 0;
        return found;
    }

    private int peek() {
        return at < text.length ? text[at] : -1;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAsciiLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private Unknown unknown() {
        return new Unknown("the place " + at);
    }

    /** What is in a set so far. */
    private static final class Members {
        private int classes;
        private int withoutClasses;
        private final List<Integer> ranges = new ArrayList<>();

        void add(int first, int last) {
            ranges.add(first);
            ranges.add(last);
        }

        CharSet set(boolean negated) {
            return new CharSet(classes, withoutClasses, ranges, negated);
        }
    }
}
