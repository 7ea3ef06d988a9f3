package io.textloom.config;

import java.util.Locale;

/** The spellings of one key: {@code embed.maxTokens}, {@code --max-tokens}, {@code TEXTLOOM_EMBED_MAX_TOKENS}. */
final class Names {
    static final String VARIABLE_PREFIX = "TEXTLOOM_";

    private Names() {}

    /** {@code embed.maxTokens} → {@code --max-tokens}: the part after the last dot. */
    static String option(String key) {
        return "--" + words(lastPart(key), '-').toLowerCase(Locale.ROOT);
    }

    /** {@code embed.maxTokens} → {@code TEXTLOOM_EMBED_MAX_TOKENS}. */
    static String variable(String key) {
        return VARIABLE_PREFIX + words(key.replace('.', '_'), '_').toUpperCase(Locale.ROOT);
    }

    static String lastPart(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** {@code maxTokens} → {@code max-Tokens}. */
    private static String words(String camelCase, char separator) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < camelCase.length(); i++) {
            char letter = camelCase.charAt(i);
            if (Character.isUpperCase(letter) && i > 0) {
                words.append(separator);
            }
            words.append(letter);
        }
        return words.toString();
    }
}
