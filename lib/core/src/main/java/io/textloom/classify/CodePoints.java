package io.textloom.classify;

/** A text by its code points. */
final class CodePoints {
    private final int[] values;

    CodePoints(String text) {
        values = new int[text.codePointCount(0, text.length())];
        for (int i = 0, at = 0; i < values.length; i++) {
            values[i] = text.codePointAt(at);
            at += Character.charCount(values[i]);
        }
    }

    /** unit: code points */
    int length() {
        return values.length;
    }

    int at(int index) {
        return values[index];
    }

    String part(int start, int end) {
        return new String(values, start, end - start);
    }
}
