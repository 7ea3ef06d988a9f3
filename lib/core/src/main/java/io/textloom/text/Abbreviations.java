package io.textloom.text;

import java.util.Locale;
import java.util.Set;

/** English abbreviations: whether a full stop belongs to a word. */
final class Abbreviations {
    /** Longest word looked at; unit: UTF-16 code units */
    private static final int LONGEST = 16;

    /** Never at the end of a sentence: a name or the rest of it follows. */
    private static final Set<String> BEFORE_NAMES = Set.of(
            "Mr", "Mrs", "Ms", "Messrs", "Mme", "Mlle", "Dr", "Prof", "Rev", "Hon", "St", "Mt", "Ft", "Fr", "Gen",
            "Col", "Capt", "Lt", "Sgt", "Maj", "Cmdr", "Adm", "Gov", "Sen", "Rep", "Pres", "Supt", "Insp", "Mgr",
            "Msgr");

    private static final Set<String> IN_SENTENCES = Set.of("e.g", "i.e", "eg", "ie", "vs", "viz", "cf", "approx", "ca");

    /** Only before a number. */
    private static final Set<String> BEFORE_NUMBERS = Set.of(
            "no", "nos", "nr", "p", "pp", "fig", "figs", "vol", "vols", "ch", "chap", "sec", "art", "eq", "eqs", "op",
            "ver", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec");

    /** At the end of a sentence only if a word follows that often begins one. */
    private static final Set<String> OFTEN_BEFORE_NAMES = Set.of(
            "Inc", "Ltd", "Co", "Corp", "Bros", "Jr", "Sr", "Esq", "Ave", "Blvd", "Rd", "Dept", "Univ", "Assn", "al",
            "Mass", "Calif", "Conn", "Va", "Wm", "Chas", "Geo", "Jas", "Thos");

    private static final Set<String> BEGINNINGS = Set.of(
            "The",
            "A",
            "An",
            "It",
            "He",
            "She",
            "We",
            "They",
            "You",
            "I",
            "In",
            "On",
            "At",
            "But",
            "And",
            "Or",
            "So",
            "If",
            "When",
            "While",
            "This",
            "That",
            "These",
            "Those",
            "There",
            "Then",
            "Here",
            "What",
            "Who",
            "Why",
            "How",
            "Where",
            "Which",
            "His",
            "Her",
            "Its",
            "Our",
            "Their",
            "My",
            "Your",
            "As",
            "After",
            "Before",
            "For",
            "From",
            "With",
            "By",
            "To",
            "Not",
            "No",
            "Yes",
            "Now",
            "One",
            "Some",
            "Many",
            "Most",
            "All",
            "Both",
            "Each",
            "Every",
            "However",
            "Yet",
            "Moreover",
            "Although",
            "Though",
            "Because",
            "Since",
            "Once",
            "Until",
            "Even",
            "Also",
            "Another",
            "Such",
            "Is",
            "Was",
            "Do",
            "Did",
            "Does",
            "Are",
            "Were",
            "Will",
            "Would",
            "Can",
            "Could",
            "Should",
            "Let",
            "Perhaps",
            "Nothing");

    private Abbreviations() {}

    /**
     * Whether the full stop ends no sentence by what stands before and behind it.
     *
     * @param stop where in the text a single full stop stands, with space behind it
     * @param next where the next word begins; the text's length if there is none
     */
    static boolean endsNoSentence(String text, int stop, int next) {
        int from = stop;
        while (from > 0 && stop - from <= LONGEST && isInWord(text.charAt(from - 1))) {
            from--;
        }
        if (from == stop) {
            return isListNumber(text, stop);
        }
        if (stop - from > LONGEST || (from > 0 && Character.isDigit(text.charAt(from - 1)))) {
            return false;
        }
        String word = text.substring(from, stop);
        String lower = word.toLowerCase(Locale.ROOT);
        boolean capital = Character.isUpperCase(word.charAt(0));
        if (BEFORE_NAMES.contains(word) || IN_SENTENCES.contains(lower)) {
            return true;
        }
        if (next < text.length() && Character.isDigit(text.charAt(next)) && BEFORE_NUMBERS.contains(lower)) {
            return true;
        }
        boolean initials = capital && (word.length() == 1 || (word.charAt(1) == '.' && !word.contains("..")));
        if (!initials && !OFTEN_BEFORE_NAMES.contains(word)) {
            return false;
        }
        return isCapitalised(text, next)
                && !BEGINNINGS.contains(wordAt(text, next))
                && !(word.equals("I") && isAfterLowerCase(text, from));
    }

    /** {@code 12.} at the start of a line. */
    private static boolean isListNumber(String text, int stop) {
        int from = stop;
        while (from > 0 && stop - from <= LONGEST && text.charAt(from - 1) >= '0' && text.charAt(from - 1) <= '9') {
            from--;
        }
        if (from == stop) {
            return false;
        }
        int indent = from;
        while (indent > 0
                && from - indent <= LONGEST
                && (text.charAt(indent - 1) == ' ' || text.charAt(indent - 1) == '\t')) {
            indent--;
        }
        return indent == 0 || text.charAt(indent - 1) == '\n' || text.charAt(indent - 1) == '\r';
    }

    /** {@code it was I.} ends a sentence, {@code King George I. …} and {@code I. Newton} need not. */
    private static boolean isAfterLowerCase(String text, int from) {
        int at = from - 1;
        while (at > 0 && from - at <= LONGEST && text.charAt(at) == ' ') {
            at--;
        }
        return at >= 0 && Character.isLowerCase(text.charAt(at)) && !isCapitalised(text, wordStart(text, at));
    }

    private static int wordStart(String text, int end) {
        int from = end;
        while (from > 0 && end - from <= LONGEST && Character.isLetter(text.charAt(from - 1))) {
            from--;
        }
        return from;
    }

    private static boolean isCapitalised(String text, int at) {
        return at < text.length() && Character.isUpperCase(text.charAt(at));
    }

    private static String wordAt(String text, int from) {
        int to = from;
        while (to < text.length() && to - from <= LONGEST && Character.isLetter(text.charAt(to))) {
            to++;
        }
        return text.substring(from, to);
    }

    private static boolean isInWord(char c) {
        return c == '.' || Character.isLetter(c);
    }
}
