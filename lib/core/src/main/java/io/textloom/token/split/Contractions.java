package io.textloom.token.split;

/** The English endings that GPT-2's split takes off a word: 's 't 're 've 'm 'll 'd. */
enum Contractions {
    LOWER_CASE {
        @Override
        int end(byte[] text, int apostrophe, int to) {
            if (apostrophe + 1 >= to) {
                return -1;
            }
            byte first = text[apostrophe + 1];
            if (first == 's' || first == 't' || first == 'm' || first == 'd') {
                return apostrophe + 2;
            }
            boolean two = apostrophe + 2 < to;
            byte second = two ? text[apostrophe + 2] : 0;
            if (first == 'r' && second == 'e' || first == 'v' && second == 'e' || first == 'l' && second == 'l') {
                return apostrophe + 3;
            }
            return -1;
        }
    },
    /** In the reference's regex engine the long s (U+017F) is an s in another case, too. */
    ANY_CASE {
        @Override
        int end(byte[] text, int apostrophe, int to) {
            if (apostrophe + 1 >= to) {
                return -1;
            }
            int first = text[apostrophe + 1] | 0x20;
            if (text[apostrophe + 1] == (byte) 0xc5 && apostrophe + 2 < to && text[apostrophe + 2] == (byte) 0xbf) {
                return apostrophe + 3;
            }
            if (first == 's' || first == 't' || first == 'm' || first == 'd') {
                return apostrophe + 2;
            }
            int second = apostrophe + 2 < to ? text[apostrophe + 2] | 0x20 : 0;
            if (first == 'r' && second == 'e' || first == 'v' && second == 'e' || first == 'l' && second == 'l') {
                return apostrophe + 3;
            }
            return -1;
        }
    };

    /** One past the contraction that begins with this apostrophe; -1 if none does. */
    abstract int end(byte[] text, int apostrophe, int to);
}
