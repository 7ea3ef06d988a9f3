package io.textloom.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.BadValue;
import com.typesafe.config.ConfigException.Parse;
import com.typesafe.config.ConfigException.WrongType;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;

/** Lists written in one text, as in an option or an environment variable. */
final class ListTexts {
    private ListTexts() {}

    /** {@code a, b} → {@code [a, b]}; {@code ["a", "b"]} is read as HOCON. */
    static List<String> names(String text) {
        return isBracketed(text) ? hocon(text) : split(text, false);
    }

    /** {@code in/*.txt,more/{a,b}.txt} → two paths; {@code sql:SELECT a, b FROM t} → one. */
    static List<String> paths(String text) {
        if (text.startsWith("sql:")) {
            return List.of(text);
        }
        return isBracketed(text) ? hocon(text) : split(text, true);
    }

    /**
     * One text, its escapes read, or a HOCON list of several; {@code Once, \n} → {@code [Once, ⏎]}. A bare phrase in brackets is a text, as {@code [PAD]};
     * the list of that one is {@code ["PAD"]}.
     */
    static List<String> texts(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        boolean list = isBracketed(text) && !text.strip().matches("\\[[^\",]*[^\",\\s][^\",]*]");
        return list ? hocon(text) : List.of(unescape(text));
    }

    private static boolean isBracketed(String text) {
        String stripped = text.strip();
        return stripped.startsWith("[") && stripped.endsWith("]");
    }

    private static List<String> hocon(String text) {
        try {
            Config config = ConfigFactory.parseString("list = " + text);
            return List.copyOf(config.getStringList("list"));
        } catch (Parse | WrongType | BadValue e) {
            throw new IllegalArgumentException("not a HOCON list", e);
        }
    }

    private static List<String> split(String text, boolean braces) {
        List<String> items = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char letter = i == text.length() ? ',' : text.charAt(i);
            if (letter == '{' && braces) {
                depth++;
            } else if (letter == '}' && depth > 0) {
                depth--;
            } else if (letter == ',' && (depth == 0 || i == text.length())) {
                String item = text.substring(start, i).strip();
                if (!item.isEmpty()) {
                    items.add(item);
                }
                start = i + 1;
            }
        }
        return List.copyOf(items);
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter != '\\' || i + 1 == text.length()) {
                plain.append(letter);
                continue;
            }
            i++;
            switch (text.charAt(i)) {
                case 'n' -> plain.append('\n');
                case 't' -> plain.append('\t');
                case 'r' -> plain.append('\r');
                case '\\' -> plain.append('\\');
                default -> plain.append('\\').append(text.charAt(i));
            }
        }
        return plain.toString();
    }
}
