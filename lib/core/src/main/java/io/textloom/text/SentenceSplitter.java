package io.textloom.text;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.Arrays;

/**
 * Finds the sentences of English, Chinese and mixed text: Unicode's rules (UAX 29, by ICU) on a {@link SentenceMask} of it.
 *
 * <p>The sentences tile the text: white space behind one belongs to it, and white space at the start of the text to the first. A blank line ends a
 * sentence, a single line break does not. Takes time in proportion to the text. Not safe for concurrent use; the results hold until the next call.
 */
public final class SentenceSplitter {
    private final BreakIterator rules = BreakIterator.getSentenceInstance(ULocale.ROOT);
    private final SentenceMask mask = new SentenceMask();
    private int[] ends = new int[64];
    private int[] endCodePoints = new int[64];
    private int size;

    /** @return the number of sentences; 0 for an empty text */
    public int split(String text) {
        size = 0;
        rules.setText(mask.of(text));
        int codePoints = 0;
        int start = rules.first();
        for (int end = rules.next(); end != BreakIterator.DONE; end = rules.next()) {
            codePoints += text.codePointCount(start, end);
            add(end, codePoints);
            start = end;
        }
        return size;
    }

    public int size() {
        return size;
    }

    /** unit: UTF-16 code units */
    public int start(int sentence) {
        return sentence == 0 ? 0 : ends[sentence - 1];
    }

    /** One past the last; unit: UTF-16 code units */
    public int end(int sentence) {
        return ends[sentence];
    }

    /** unit: Unicode code points */
    public int startCodePoint(int sentence) {
        return sentence == 0 ? 0 : endCodePoints[sentence - 1];
    }

    /** One past the last; unit: Unicode code points */
    public int endCodePoint(int sentence) {
        return endCodePoints[sentence];
    }

    private void add(int end, int codePoint) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
            endCodePoints = Arrays.copyOf(endCodePoints, 2 * size);
        }
        ends[size] = end;
        endCodePoints[size] = codePoint;
        size++;
    }
}
