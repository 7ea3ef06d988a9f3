package io.textloom.constrain;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How JSON values are written: compact, with at most one space behind {@code :} and {@code ,}. Source: RFC 8259. */
final class JsonText {
    static final Expr OPEN_OBJECT = Expr.text("{");
    static final Expr CLOSE_OBJECT = Expr.text("}");
    static final Expr OPEN_ARRAY = Expr.text("[");
    static final Expr CLOSE_ARRAY = Expr.text("]");
    private static final Expr SPACE = Expr.optional(Expr.text(" "));
    static final Expr COMMA = Expr.seq(Expr.text(","), SPACE);
    static final Expr COLON = Expr.seq(Expr.text(":"), SPACE);
    private static final Expr QUOTE = Expr.text("\"");

    private static final CodePoints DIGITS = CodePoints.of('0', '9');
    private static final CodePoints HEX = DIGITS.or(CodePoints.of("abcdefABCDEF"));

    /** Characters that stand for themselves in a string. */
    static final CodePoints PLAIN =
            CodePoints.of(0, 0x1f).or(CodePoints.of("\"\\")).not();

    /** One character of a string, as it is or escaped; surrogates in pairs only. */
    static final Expr CHARACTER = Expr.alt(List.of(
            Expr.chars(PLAIN),
            Expr.seq(Expr.text("\\"), Expr.chars(CodePoints.of("\"\\/bfnrt"))),
            Expr.seq(Expr.text("\\u"), Expr.chars(HEX.without(CodePoints.of("dD"))), hex(3)),
            Expr.seq(Expr.text("\\u"), Expr.chars(CodePoints.of("dD")), Expr.chars(CodePoints.of('0', '7')), hex(2)),
            Expr.seq(
                    Expr.text("\\u"),
                    Expr.chars(CodePoints.of("dD")),
                    Expr.chars(CodePoints.of("89abAB")),
                    hex(2),
                    Expr.text("\\u"),
                    Expr.chars(CodePoints.of("dD")),
                    Expr.chars(CodePoints.of("cdefCDEF")),
                    hex(2))));

    /** With at most 15 digits, which doubles hold exactly; so a number comes to an end. */
    static final Expr INTEGER = Expr.alt(List.of(Expr.text("0"), Expr.seq(Expr.optional(Expr.text("-")), whole())));

    /** With at most 15 digits, 10 behind the point, and 2 of exponent. */
    static final Expr NUMBER = Expr.seq(
            Expr.optional(Expr.text("-")),
            Expr.alt(List.of(Expr.text("0"), whole())),
            Expr.optional(Expr.seq(Expr.text("."), new Expr.Repeat(Expr.chars(DIGITS), 1, 10))),
            Expr.optional(Expr.seq(
                    Expr.chars(CodePoints.of("eE")),
                    Expr.optional(Expr.chars(CodePoints.of("+-"))),
                    new Expr.Repeat(Expr.chars(DIGITS), 1, 2))));

    static final Expr BOOLEAN = new Expr.Words(List.of("true", "false"));
    static final Expr NULL = Expr.text("null");

    private JsonText() {}

    private static Expr hex(int count) {
        return new Expr.Repeat(Expr.chars(HEX), count, count);
    }

    private static Expr whole() {
        return Expr.seq(Expr.chars(CodePoints.of('1', '9')), new Expr.Repeat(Expr.chars(DIGITS), 0, 14));
    }

    /** @param max {@link Expr#UNBOUNDED} for no bound; both in code points */
    static Expr string(int min, int max) {
        return quoted(new Expr.Repeat(CHARACTER, min, max));
    }

    static Expr quoted(Expr characters) {
        return Expr.seq(QUOTE, characters, QUOTE);
    }

    /** A string, written with as few escapes as there can be. */
    static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    static Expr object(List<Expr.Member> members) {
        return Expr.seq(OPEN_OBJECT, new Expr.Listed(members, COMMA), CLOSE_OBJECT);
    }

    static Expr array(Expr items) {
        return Expr.seq(OPEN_ARRAY, items, CLOSE_ARRAY);
    }

    static Expr entry(Expr key, Expr value) {
        return Expr.seq(key, COLON, value);
    }

    /** What a string looks like in JSON whose characters look as given; each character has one form. */
    static Expr escaped(Expr expr) {
        if (expr instanceof Expr.Chars chars) {
            return escaped(chars.set());
        }
        if (expr instanceof Expr.Seq seq) {
            return new Expr.Seq(seq.parts().stream().map(JsonText::escaped).toList());
        }
        if (expr instanceof Expr.Alt alt) {
            return new Expr.Alt(alt.ways().stream().map(JsonText::escaped).toList());
        }
        if (expr instanceof Expr.Repeat repeat) {
            return new Expr.Repeat(escaped(repeat.part()), repeat.min(), repeat.max());
        }
        return expr; // the empty text: expressions have no other words
    }

    private static Expr escaped(CodePoints set) {
        CodePoints plain = set.without(PLAIN.not());
        List<String> escapes = new ArrayList<>();
        for (int c = 0; c < 128; c++) {
            if (set.contains(c) && !PLAIN.contains(c)) {
                escapes.add(escape(c));
            }
        }
        if (escapes.isEmpty()) {
            return Expr.chars(plain);
        }
        return plain.isEmpty()
                ? new Expr.Words(escapes)
                : Expr.alt(List.of(Expr.chars(plain), new Expr.Words(escapes)));
    }

    private static String escape(int c) {
        int at = "\b\f\n\r\t\"\\".indexOf(c);
        return at >= 0 ? "\\" + "bfnrt\"\\".charAt(at) : String.format(Locale.ROOT, "\\u%04x", c);
    }

    /** A key without escapes that is none of those given. */
    static Expr keyExcept(Set<String> keys) {
        TreeSet<String> sorted = new TreeSet<>(keys);
        return quoted(except(sorted.stream().map(k -> k.codePoints().toArray()).toList(), 0));
    }

    private static Expr except(List<int[]> keys, int depth) {
        if (keys.isEmpty()) {
            return Expr.star(Expr.chars(PLAIN));
        }
        TreeMap<Integer, List<int[]>> byNext = new TreeMap<>();
        boolean isKey = false;
        for (int[] key : keys) {
            if (key.length == depth) {
                isKey = true;
            } else {
                byNext.computeIfAbsent(key[depth], c -> new ArrayList<>()).add(key);
            }
        }
        CodePoints next = CodePoints.union(
                byNext.keySet().stream().map(c -> CodePoints.of(c, c)).toList());
        List<Expr> ways = new ArrayList<>();
        if (!isKey) {
            ways.add(Expr.EMPTY);
        }
        ways.add(Expr.seq(Expr.chars(PLAIN.without(next)), Expr.star(Expr.chars(PLAIN))));
        byNext.forEach((c, some) -> {
            if (PLAIN.contains(c)) {
                ways.add(Expr.seq(Expr.chars(CodePoints.of(c, c)), except(some, depth + 1)));
            }
        });
        return Expr.alt(ways);
    }
}
