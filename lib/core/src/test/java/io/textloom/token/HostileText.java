package io.textloom.token;

import java.util.Random;

/** Strings that tokenizers get wrong: every plane, marks, jamo, joiners, controls, all kinds of space, contractions, special tokens spelled out, long words. */
final class HostileText {
    private static final String[][] PIECES = {
        words("the The THE of and ing un believable house foxtrot fox whole wholesome x 'twas naive rock'n'roll"),
        words(
                "'s 't 're 've 'm 'll 'd 'S 'T 'RE 'LL 'D '\u017f '\u017fs \u2019s '' `` ' \u212aelvin \u017ftreet I'\u217c"),
        words(
                "0 7 12 123 1234 12345 3.14 1,000,000 0xFF 2nd \u00bd \u00b2 \u2082 \u2167 \u0661\u0662 \u0967 \uff11 \u5341 \ud835\udfd8 \u0bf0 \u2460"),
        words(
                ". , ! ? ... !!! -- --- \" # ## ##ing $ % & ( ) * + / : ; < = > @ [ ] ^ _ { | } ~ ` \\ \u2014 \u2026 \u201c \u201d \u00a1 \u00bf \u3001 \u3002 \u300c \uff01"),
        words(
                "[CLS] [SEP] [MASK] [UNK] [PAD] [ENT] [ent] [RAW] <s> </s> <unk> <mask> <pad> <left> <right> <both> <0x0A> <|eot_id|>"),
        words(
                "<|endoftext|> <|im_start|> <|begin_of_text|> <|endoftext <extra_id_3> [SEP [SEP]] \u00e9t\u00e9 \u00c9T\u00c9 new\u00a0york \u4e2d\u6587 sep mask"),
        words(
                "\u00e9 e\u0301 \u1e69 s\u0323\u0307 s\u0307\u0323 \u00e5 \u212b \u00df \u1e9e \u0130 i\u0307 \u0131 \u03c2 \u03a3 \u01c5 \ufb01 \ufb03 \u0149 \u1fb7 \u1f82"),
        words(
                "\u0301 \u0308 \u0323 \u0327 \u0334 \u0345 \u20dd \u3099 \u093c \u0f71\u0f74 \u1dc0 \ufe0f \u0300\u0300\u0300 \u0e38 \u05bc \u0651"),
        words(
                "\u1100 \u1161 \u11a8 \u1100\u1161 \u1100\u1161\u11a8 \uac00 \uac01 \uac00\u11a8 \ud55c\uad6d\uc5b4 \u3131 \uffa1"),
        words(
                "\u4e2d \u56fd \u4eba\u7684 \u3042 \u304c \u304b\u3099 \uff76\uff9e \u30ac \u3005 \uf900 \ud840\udc00 \ud87e\udc1a \u3300 \ufdfa \u3400 \u9fff"),
        words(
                "\u05e9\u05b8\u05c1\u05dc\u05d5\u05dd \u0645\u064f\u062d \u0644\u0627 \u200f\u0627 \u0915\u094d\u0937 \u0958 \u0ba4\u0bca \u0e01\u0e33 \u0e40\u0e19\u0e49 \u102d \ud804\udd2e"),
        words(
                "\ud83d\ude00 \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 \ud83c\udde9\ud83c\uddea \u2764\ufe0f \ud83d\udc4d\ud83c\udffd \u00a9 \u2122 1\ufe0f\u20e3 \ud83c\udff4\udb40\udc67"),
        words(
                "\ud835\udd73 \ud801\udc00 \ud801\udc28 \ud834\udd60 \ud806\udd38 \u2581 \u2581the \u0120 \u010a \u00c3 \ud800 \udc00 \udc00\ud800 \ufffd \uffff"),
        {
            " ", "  ", "   ", "\t", "\n", "\r", "\r\n", "\n\n\n", "\u000b", "\f", "\u001c", "\u001f", "\u0085",
            "\u00a0", "\u1680", " \n", "\n "
        },
        {
            "\u180e", "\u2000", "\u2003", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff",
            " \u00a0", "\u3000 "
        },
        {
            "\0", "\1", "\u0007", "\u001b", "\u007f", "\u008f", "\u009f", "\u00ad", "\u034f", "\u061c", "\u200b",
            "\u200c", "\u200d", "\u200e"
        },
        {"\u202e", "\u2060", "\u2066", "\ue000", "\ufffe", "\udb40\udc41", "\udbff\udfff", "\ufdd0", "\u0378", "\u0600"
        },
    };

    private final Random random;

    HostileText(long seed) {
        random = new Random(seed);
    }

    /** Mostly short; now and then a word or a heap of up to 100 kB. */
    String next() {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(12);
        for (int i = 0; i < pieces; i++) {
            text.append(piece());
        }
        if (random.nextInt(500) == 0) {
            String part = text.substring(random.nextInt(text.length()));
            int bytes = 100 << random.nextInt(11);
            text.append(part.repeat(Math.max(1, bytes / Utf16.toUtf8(part).length)));
        }
        return text.toString();
    }

    private String piece() {
        int kind = random.nextInt(100);
        if (kind < 55) {
            String[] some = PIECES[random.nextInt(PIECES.length)];
            return some[random.nextInt(some.length)];
        }
        if (kind < 75) {
            return " ";
        }
        if (kind < 80) {
            return letters(1 + random.nextInt(14), 'a', 26);
        }
        if (kind < 85) {
            return piece().repeat(1 + random.nextInt(5));
        }
        if (kind < 95) {
            return letters(1 + random.nextInt(2), 0, 0x3400);
        }
        return letters(1, 0, Character.MAX_CODE_POINT + 1);
    }

    private String letters(int count, int first, int range) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.appendCodePoint(first + random.nextInt(range));
        }
        return letters.toString();
    }

    private static String[] words(String words) {
        return words.split(" ");
    }
}
