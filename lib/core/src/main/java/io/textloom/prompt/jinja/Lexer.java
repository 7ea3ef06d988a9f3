package io.textloom.prompt.jinja;

import io.textloom.prompt.jinja.Token.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens. White space goes as with Jinja's {@code trim_blocks} and {@code lstrip_blocks}: a block's or comment's line break behind it is dropped, and so are the
 * blanks before it on its line; {@code -} drops all white space on its side, {@code +} keeps it.
 *
 * <p>Source: Jinja 3.1, template designer documentation, white space control.
 */
final class Lexer {
    private static final Pattern RAW =
            Pattern.compile("\\{%([-+]?)\\s*raw\\s*(-%\\}|%\\})", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_RAW =
            Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(\\+%\\}|-%\\}|%\\})", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{Nd}\\p{Mn}\\p{Mc}\\p{Pc}]*");
    private static final Pattern FLOAT =
            Pattern.compile("\\d+(?:_\\d+)*(?:(?:\\.\\d+(?:_\\d+)*)?[eE][+-]?\\d+(?:_\\d+)*|\\.\\d+(?:_\\d+)*)");
    private static final Pattern INTEGER =
            Pattern.compile("0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|\\d+(?:_\\d+)*");
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        Lexer lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < source.length()) {
            int begin = nextBegin();
            if (begin < 0) {
                data(at, source.length());
                at = source.length();
                break;
            }
            begin(begin);
        }
        add(Type.END, "");
    }

    private int nextBegin() {
        int brace = source.indexOf('{', at);
        while (brace >= 0 && brace + 1 < source.length() && "%{#".indexOf(source.charAt(brace + 1)) < 0) {
            brace = source.indexOf('{', brace + 1);
        }
        return brace + 1 < source.length() ? brace : -1;
    }

    /** What begins at a brace, and the text before it. */
    private void begin(int brace) {
        char kind = source.charAt(brace + 1);
        char sign = brace + 2 < source.length() ? source.charAt(brace + 2) : ' ';
        boolean signed = sign == '-' || sign == '+';
        textBefore(brace, signed ? sign : ' ', kind != '{');
        Matcher raw = RAW.matcher(source).region(brace, source.length());
        if (kind == '%' && raw.lookingAt()) {
            raw(raw);
            return;
        }
        int start = line;
        at = brace + (signed ? 3 : 2);
        if (kind == '#') {
            comment(start);
        } else {
            boolean print = kind == '{';
            add(print ? Type.PRINT_BEGIN : Type.BLOCK_BEGIN, "");
            expression(print);
        }
    }

    private void textBefore(int end, char sign, boolean block) {
        int stop = end;
        if (sign == '-') {
            while (stop > at && Text.isSpace(source.charAt(stop - 1))) {
                stop--;
            }
        } else if (sign != '+' && block) {
            int lineStart = source.lastIndexOf('\n', end - 1) + 1;
            boolean atLineStart = lineStart > at || lineStart <= at && lineStarting;
            int from = Math.max(lineStart, at);
            if (atLineStart && source.substring(from, end).chars().allMatch(Text::isSpace)) {
                stop = from;
            }
        }
        data(at, stop);
        countLines(stop, end);
    }

    private void data(int from, int to) {
        if (to > from) {
            add(Type.DATA, source.substring(from, to));
            countLines(from, to);
        }
    }

    private void raw(Matcher begin) {
        int start = line;
        at = begin.end();
        countLines(begin.start(), at);
        if (begin.group(2).startsWith("-")) {
            skipSpace();
        }
        lineStarting = source.charAt(at - 1) == '\n';
        Matcher end = END_RAW.matcher(source);
        if (!end.find(at)) {
            throw new TemplateException(start, "{% raw %} has no {% endraw %}");
        }
        String sign = end.group(1);
        textBefore(end.start(), sign.isEmpty() ? ' ' : sign.charAt(0), true);
        countLines(end.start(), end.end());
        at = end.end();
        after(end.group(2));
    }

    private void comment(int start) {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw new TemplateException(start, "{# has no #}");
        }
        char sign = end > at ? source.charAt(end - 1) : ' ';
        countLines(at, end);
        at = end + 2;
        after(sign == '-' ? "-#}" : sign == '+' ? "+#}" : "#}");
    }

    /** White space behind a block or comment. */
    private void after(String end) {
        if (end.startsWith("-")) {
            skipSpace();
        } else if (!end.startsWith("+") && at < source.length() && source.charAt(at) == '\n') {
            at++;
            line++;
        }
        lineStarting = source.charAt(at - 1) == '\n';
    }

    private void skipSpace() {
        int from = at;
        while (at < source.length() && Text.isSpace(source.charAt(at))) {
            at++;
        }
        countLines(from, at);
    }

    private void countLines(int from, int to) {
        for (int i = from; i < to; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
    }

    /** Tokens up to the end of the block; inside brackets an end is not one. */
    private void expression(boolean print) {
        String close = print ? "}}" : "%}";
        Deque<String> brackets = new ArrayDeque<>();
        while (true) {
            skipSpace();
            if (at >= source.length()) {
                throw new TemplateException(line, "the template ends inside " + (print ? "{{ … }}" : "{% … %}"));
            }
            if (brackets.isEmpty()) {
                boolean minus = source.startsWith("-" + close, at);
                boolean plus = !print && source.startsWith("+" + close, at);
                if (minus || plus || source.startsWith(close, at)) {
                    add(print ? Type.PRINT_END : Type.BLOCK_END, "");
                    at += minus || plus ? 3 : 2;
                    if (!print || minus) {
                        after((minus ? "-" : plus ? "+" : "") + close);
                    } else {
                        lineStarting = false;
                    }
                    return;
                }
            }
            token(brackets);
        }
    }

    private void token(Deque<String> brackets) {
        char c = source.charAt(at);
        if (c == '\'' || c == '"') {
            string(c);
            return;
        }
        boolean afterDot = !tokens.isEmpty() && tokens.get(tokens.size() - 1).operator(".");
        if (c >= '0' && c <= '9') {
            if (afterDot || !match(FLOAT, Type.FLOAT)) {
                match(INTEGER, Type.INTEGER);
            }
        } else if (!match(NAME, Type.NAME)) {
            operator(brackets);
        }
    }

    private boolean match(Pattern pattern, Type type) {
        Matcher matcher = pattern.matcher(source).region(at, source.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        String text = matcher.group();
        add(type, type == Type.NAME ? text : text.replace("_", ""));
        at = matcher.end();
        return true;
    }

    private void operator(Deque<String> brackets) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                balance(operator, brackets);
                add(Type.OPERATOR, operator);
                at += operator.length();
                return;
            }
        }
        throw new TemplateException(line, "unexpected character " + Character.toString(source.codePointAt(at)));
    }

    private void balance(String operator, Deque<String> brackets) {
        switch (operator) {
            case "(" -> brackets.push(")");
            case "[" -> brackets.push("]");
            case "{" -> brackets.push("}");
            case ")", "]", "}" -> {
                if (brackets.isEmpty()) {
                    throw new TemplateException(line, "unexpected " + operator);
                }
                String expected = brackets.pop();
                if (!expected.equals(operator)) {
                    throw new TemplateException(line, "unexpected " + operator + ", expected " + expected);
                }
            }
            default -> {}
        }
    }

    private void string(char quote) {
        StringBuilder text = new StringBuilder();
        int start = line;
        for (int i = at + 1; i < source.length(); ) {
            char c = source.charAt(i);
            if (c == quote) {
                tokens.add(new Token(Type.STRING, text.toString(), start));
                countLines(at, i);
                at = i + 1;
                return;
            }
            if (c == '\\' && i + 1 < source.length()) {
                i = escape(i + 1, text);
            } else {
                text.append(c);
                i++;
            }
        }
        throw new TemplateException(start, "a string has no closing " + quote);
    }

    /** Python's escapes; an unknown one stays as it is. Returns where the text goes on. */
    private int escape(int i, StringBuilder text) {
        char c = source.charAt(i);
        int plain = "\\'\"abfnrtv".indexOf(c);
        if (plain >= 0) {
            text.append("\\'\"\u0007\b\f\n\r\t\u000b".charAt(plain));
            return i + 1;
        }
        int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        if (digits > 0) {
            int end = i + 1 + digits;
            try {
                text.appendCodePoint(Integer.parseInt(source.substring(i + 1, Math.min(end, source.length())), 16));
            } catch (IllegalArgumentException e) {
                throw new TemplateException(line, "\\" + c + " is not followed by " + digits + " hexadecimal digits");
            }
            return end;
        }
        if (c >= '0' && c <= '7') {
            int end = i;
            while (end < Math.min(i + 3, source.length()) && source.charAt(end) >= '0' && source.charAt(end) <= '7') {
                end++;
            }
            text.append((char) Integer.parseInt(source.substring(i, end), 8));
            return end;
        }
        if (c != '\n') {
            text.append('\\').append(c);
        }
        return i + 1;
    }

    private void add(Type type, String text) {
        tokens.add(new Token(type, text, line));
    }
}
