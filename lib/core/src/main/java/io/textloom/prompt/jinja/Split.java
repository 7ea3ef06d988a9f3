package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code split} and {@code rsplit}. */
final class Split {
    private Split() {}

    static List<Object> left(String s, Args args) {
        Args.Bound bound = args.bind("split", "sep", "maxsplit");
        int most = bound.integer(1, -1);
        if (bound.get(0, None.NONE) == None.NONE) {
            return words(s, most);
        }
        String separator = bound.text(0);
        StringMethods.requireSeparator(separator);
        List<Object> parts = new ArrayList<>();
        int done = 0;
        for (int at = s.indexOf(separator);
                at >= 0 && (most < 0 || parts.size() < most);
                at = s.indexOf(separator, done)) {
            parts.add(s.substring(done, at));
            done = at + separator.length();
        }
        parts.add(s.substring(done));
        return parts;
    }

    static List<Object> right(String s, Args args) {
        Args.Bound bound = args.bind("rsplit", "sep", "maxsplit");
        int most = bound.integer(1, -1);
        if (bound.get(0, None.NONE) == None.NONE) {
            List<Object> mirrored = words(Text.reverse(s), most);
            mirrored.replaceAll(part -> Text.reverse(Values.str(part)));
            Collections.reverse(mirrored);
            return mirrored;
        }
        String separator = bound.text(0);
        StringMethods.requireSeparator(separator);
        List<Object> parts = new ArrayList<>();
        int end = s.length();
        while (most < 0 || parts.size() < most) {
            int at = end - separator.length() < 0 ? -1 : s.lastIndexOf(separator, end - separator.length());
            if (at < 0) {
                break;
            }
            parts.add(s.substring(at + separator.length(), end));
            end = at;
        }
        parts.add(s.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }

    /** Between runs of white space. */
    private static List<Object> words(String s, int most) {
        List<Object> words = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < s.length() && Text.isSpace(s.charAt(at))) {
                at++;
            }
            if (at == s.length()) {
                return words;
            }
            if (most >= 0 && words.size() == most) {
                words.add(Text.strip(s.substring(at), Text::isSpace, false, true));
                return words;
            }
            int start = at;
            while (at < s.length() && !Text.isSpace(s.charAt(at))) {
                at++;
            }
            words.add(s.substring(start, at));
        }
    }
}
