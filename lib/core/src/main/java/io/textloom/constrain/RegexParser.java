package io.textloom.constrain;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads regular expressions in the syntax that Java, PCRE and ECMAScript share: literals, escapes, classes, {@code .}, groups, alternatives and counted repetitions; lazy ones
 * match the same texts as greedy ones. Digits, words and spaces are ASCII, {@code .} is anything but a line terminator, as in {@link java.util.regex.Pattern}. Not
 * safe for concurrent use.
 */
final class RegexParser {
    /** unit: code points */
    private static final int MAX_LENGTH = 100_000;

    private static final int MAX_DEPTH = 100;

    private static final CodePoints LINE_ENDS = CodePoints.of("\n\r\u0085\u2028\u2029");

    private final String name;
    private final String expression;
    private final int[] text;
    private int at;
    private int depth;

    private RegexParser(String expression, String name) {
        this.name = name;
        this.expression = expression;
        text = expression.codePoints().toArray();
    }

    /**
     * What a whole text has to match; anchors change nothing.
     *
     * @param name what the expression is, for messages
     * @throws ConstraintException if it is outside the subset
     */
    static Expr whole(String expression, String name) {
        return new RegexParser(expression, name).parse(false);
    }

    /** What a text looks like of which some part matches, unless anchored. */
    static Expr anywhere(String expression, String name) {
        return new RegexParser(expression, name).parse(true);
    }

    private Expr parse(boolean open) {
        if (text.length > MAX_LENGTH) {
            throw new ConstraintException(name + " has " + text.length + " characters; expected at most " + MAX_LENGTH);
        }
        Expr any = Expr.star(Expr.chars(CodePoints.ALL));
        List<Expr> ways = new ArrayList<>();
        do {
            boolean start = false;
            while (take('^')) {
                start = true;
            }
            Expr chain = chain();
            boolean end = false;
            while (take('$')) {
                end = true;
            }
            ways.add(
                    open && !(start && end)
                            ? Expr.seq(start ? Expr.EMPTY : any, chain, end ? Expr.EMPTY : any)
                            : chain);
        } while (take('|'));
        if (at < text.length) {
            throw unexpected();
        }
        return Expr.alt(ways);
    }

    private Expr choice() {
        if (++depth > MAX_DEPTH) {
            throw wrong("has groups nested deeper than " + MAX_DEPTH, "nest them less deeply");
        }
        List<Expr> ways = new ArrayList<>();
        do {
            ways.add(chain());
        } while (take('|'));
        depth--;
        return Expr.alt(ways);
    }

    private Expr chain() {
        List<Expr> parts = new ArrayList<>();
        while (at < text.length && text[at] != '|' && text[at] != ')' && text[at] != '$') {
            Expr part = repeated(atom());
            parts.add(part);
        }
        return parts.size() == 1 ? parts.get(0) : parts.isEmpty() ? Expr.EMPTY : new Expr.Seq(parts);
    }

    private Expr repeated(Expr part) {
        if (at == text.length) {
            return part;
        }
        int min;
        int max;
        switch (text[at]) {
            case '*' -> {
                min = 0;
                max = Expr.UNBOUNDED;
                at++;
            }
            case '+' -> {
                min = 1;
                max = Expr.UNBOUNDED;
                at++;
            }
            case '?' -> {
                min = 0;
                max = 1;
                at++;
            }
            case '{' -> {
                at++;
                min = count();
                max = min;
                if (take(',')) {
                    max = at < text.length && text[at] == '}' ? Expr.UNBOUNDED : count();
                }
                if (!take('}')) {
                    throw wrong("has a { that begins no {m}, {m,} or {m,n}", "write \\{ for the character");
                }
                if (max != Expr.UNBOUNDED && min > max) {
                    throw wrong("is impossible: {" + min + "," + max + "}", "put the smaller count first");
                }
            }
            default -> {
                return part;
            }
        }
        take('?');
        if (at < text.length && "*+?{".indexOf(text[at]) >= 0) {
            throw wrong("has a repetition of a repetition", "put the inner one into a group");
        }
        return new Expr.Repeat(part, min, max);
    }

    private int count() {
        long count = 0;
        int start = at;
        while (at < text.length && text[at] >= '0' && text[at] <= '9' && count <= NetworkBuilder.MAX_COUNT) {
            count = 10 * count + text[at++] - '0';
        }
        if (at == start) {
            throw wrong("has a { that begins no {m}, {m,} or {m,n}", "write \\{ for the character");
        }
        if (count > NetworkBuilder.MAX_COUNT) {
            throw wrong("repeats something more than " + NetworkBuilder.MAX_COUNT + " times", "use a lower count");
        }
        return (int) count;
    }

    private Expr atom() {
        int c = text[at++];
        return switch (c) {
            case '(' -> group();
            case '[' -> Expr.chars(set());
            case '.' -> Expr.chars(LINE_ENDS.not());
            case '\\' -> Expr.chars(escape(false));
            case '*', '+', '?', '{' ->
                throw wrong("repeats nothing", "write \\" + Character.toString(c) + " for the character");
            case '^' -> throw wrong("has a ^ that is not at its beginning", "write \\^ for the character");
            default -> literal(c);
        };
    }

    private static Expr literal(int c) {
        return Expr.chars(CodePoints.of(c, c));
    }

    private Expr group() {
        if (take('?')) {
            if (take('P') || at < text.length && text[at] == '<') {
                groupName();
            } else if (!take(':')) {
                throw wrong(
                        "has a group that begins with (?" + (at < text.length ? Character.toString(text[at]) : ""),
                        "use (…), (?:…) or (?<name>…); look-around, flags and atomic groups are not supported");
            }
        }
        Expr inner = choice();
        if (at < text.length && text[at] == '$') {
            throw wrong(
                    "has a $ that is not at its end", "write \\$ for the character, or anchor the whole expression");
        }
        if (!take(')')) {
            throw wrong("has a group that is not closed", "close it with )");
        }
        return inner;
    }

    private void groupName() {
        boolean opened = take('<');
        int start = at;
        while (at < text.length && (Character.isLetterOrDigit(text[at]) || text[at] == '_')) {
            at++;
        }
        if (!opened || at == start || !take('>')) {
            throw wrong(
                    "has a group that begins with (?<",
                    "use (…), (?:…) or (?<name>…); look-around and references are not supported");
        }
    }

    private CodePoints set() {
        boolean negated = take('^');
        List<CodePoints> members = new ArrayList<>();
        while (at < text.length && text[at] != ']') {
            if (text[at] == '[') {
                throw wrong("has a [ inside [ ]", "write \\[ for the character; nested classes are not supported");
            }
            if (text[at] == '&' && at + 1 < text.length && text[at + 1] == '&') {
                throw wrong("has && inside [ ]", "write \\& for the character; intersections are not supported");
            }
            CodePoints low = member();
            if (at + 1 < text.length && text[at] == '-' && text[at + 1] != ']') {
                at++;
                CodePoints high = member();
                if (isSingle(low) && isSingle(high) && low.first(0) <= high.first(0)) {
                    members.add(CodePoints.of(low.first(0), high.first(0)));
                    continue;
                }
                throw wrong(
                        "has a range in [ ] that is none",
                        "put the lower character first; write \\- for the character");
            }
            members.add(low);
        }
        if (!take(']') || members.isEmpty()) {
            throw wrong("has a [ ] that is empty or not closed", "close it with ]; write \\] for the character");
        }
        CodePoints all = CodePoints.union(members);
        return negated ? all.not() : all;
    }

    private static boolean isSingle(CodePoints set) {
        return set.size() == 1 && set.first(0) == set.last(0);
    }

    private CodePoints member() {
        if (at == text.length) {
            throw wrong("has a [ ] that is empty or not closed", "close it with ]");
        }
        int c = text[at++];
        return c == '\\' ? escape(true) : CodePoints.of(c, c);
    }

    private CodePoints escape(boolean inSet) {
        if (at == text.length) {
            throw wrong("ends with a \\", "write \\\\ for the character");
        }
        int c = text[at++];
        return switch (c) {
            case 'd' -> CharClasses.DIGIT;
            case 'D' -> CharClasses.DIGIT.not();
            case 'w' -> CharClasses.WORD;
            case 'W' -> CharClasses.WORD.not();
            case 's' -> CharClasses.SPACE;
            case 'S' -> CharClasses.SPACE.not();
            case 't' -> CodePoints.of("\t");
            case 'n' -> CodePoints.of("\n");
            case 'r' -> CodePoints.of("\r");
            case 'f' -> CodePoints.of("\f");
            case 'x' -> take('{') ? braced() : single(hex(2));
            case 'u' -> single(codeUnits());
            case 'p' -> property();
            case 'P' -> property().not();
            default -> {
                if (c < 0x80 && Character.isLetterOrDigit(c)) {
                    throw wrong(
                            "has \\" + Character.toString(c) + (inSet ? " inside [ ]" : ""),
                            "word borders, references and other letters are not supported; leave the \\ out for the character");
                }
                yield CodePoints.of(c, c);
            }
        };
    }

    private CodePoints single(int c) {
        CodePoints set = c <= Character.MAX_CODE_POINT ? CodePoints.of(c, c) : CodePoints.NONE;
        if (set.isEmpty()) {
            throw wrong("has an escape that is no character", "give a code point up to 10FFFF, without surrogates");
        }
        return set;
    }

    private CodePoints braced() {
        int value = 0;
        int start = at;
        while (at < text.length && at - start < 6 && text[at] != '}') {
            value = value << 4 | digit(text[at++]);
        }
        if (at == start || !take('}')) {
            throw wrong("has a \\x{…} that is no character", "give one to six hexadecimal digits");
        }
        return single(value);
    }

    /** One character, or two surrogates that are one. */
    private int codeUnits() {
        int unit = hex(4);
        if (unit >> 10 == 0xd800 >> 10 && at + 1 < text.length && text[at] == '\\' && text[at + 1] == 'u') {
            at += 2;
            int low = hex(4);
            return low >> 10 == 0xdc00 >> 10 ? Character.toCodePoint((char) unit, (char) low) : unit;
        }
        return unit;
    }

    private int hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            value = value << 4 | digit(at < text.length ? text[at++] : -1);
        }
        return value;
    }

    private int digit(int c) {
        int digit = c >= 0 && c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw wrong("has an escape with something that is no hexadecimal digit", "use \\xHH, \\uHHHH or \\x{H…}");
        }
        return digit;
    }

    private CodePoints property() {
        StringBuilder property = new StringBuilder();
        if (take('{')) {
            while (at < text.length && text[at] != '}' && property.length() < 40) {
                property.appendCodePoint(text[at++]);
            }
            if (!take('}')) {
                throw wrong("has a \\p{…} that is not closed", "close it with }");
            }
        } else if (at < text.length) {
            property.appendCodePoint(text[at++]);
        }
        return CharClasses.property(property.toString())
                .orElseThrow(() -> wrong(
                        "has \\p{" + property + "}",
                        "use a general category such as L, Lu or Nd, or a script such as IsHan"));
    }

    private boolean take(int c) {
        boolean found = at < text.length && text[at] == c;
        if (found) {
            at++;
        }
        return found;
    }

    private ConstraintException unexpected() {
        return text[at] == ')'
                ? wrong("has a ) without a (", "write \\) for the character")
                : wrong("has a $ that is not at its end", "write \\$ for the character");
    }

    private ConstraintException wrong(String what, String remedy) {
        String shown = expression.length() <= 80 ? expression : expression.substring(0, 80) + "…";
        return new ConstraintException(name + " \"" + shown + "\" " + what + ", at character " + at + "; " + remedy);
    }
}
