package io.textloom.token;

import io.textloom.token.file.AddedToken;
import io.textloom.token.normalize.TextBuffer;
import io.textloom.token.unicode.CharClasses;
import io.textloom.token.unicode.Utf8;
import io.textloom.token.vocabulary.Trie;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tokens that are looked for in the text before it is cut: the leftmost, of those the longest. Immutable and safe for concurrent use.
 */
final class AddedTokens {
    private final AddedToken[] tokens;
    private final Trie trie;
    private final boolean[] first = new boolean[256];
    private final boolean none;

    /**
     * @param tokens what to look for
     * @param spellings how each is spelled in the text
     */
    AddedTokens(List<AddedToken> tokens, List<String> spellings) {
        this.tokens = tokens.toArray(AddedToken[]::new);
        Trie.Builder builder = new Trie.Builder();
        boolean found = false;
        for (int i = 0; i < spellings.size(); i++) {
            byte[] utf8 = spellings.get(i).getBytes(StandardCharsets.UTF_8);
            if (utf8.length > 0) {
                builder.put(utf8, 0, utf8.length, i);
                first[utf8[0] & 0xff] = true;
                found = true;
            }
        }
        none = !found;
        trie = builder.build();
    }

    /** What stands between and in the matches. */
    interface Visitor {
        /** Text without a match; not empty. */
        void text(int from, int to);

        void token(AddedToken token, int from, int to);
    }

    /** Visits {@code text[from, to)} in order. */
    void visit(TextBuffer buffer, int from, int to, Visitor visitor) {
        byte[] text = buffer.bytes();
        int done = from;
        int at = from;
        while (!none && at < to) {
            if (!first[text[at] & 0xff]) {
                at++;
                continue;
            }
            int found = -1;
            int foundEnd = at;
            int node = Trie.ROOT;
            for (int i = at; i < to; ) {
                node = trie.next(node, text[i++]);
                if (node < 0) {
                    break;
                }
                if (trie.value(node) >= 0) {
                    found = trie.value(node);
                    foundEnd = i;
                }
            }
            if (found < 0) {
                at++;
                continue;
            }
            AddedToken token = tokens[found];
            int start = at;
            at = foundEnd;
            if (token.singleWord() && (isWordBefore(text, from, start) || isWordAt(text, foundEnd, to))) {
                continue;
            }
            if (token.lstrip()) {
                start = Math.max(spaceStart(text, from, start), done);
            }
            int end = token.rstrip() ? spaceEnd(text, foundEnd, to) : foundEnd;
            if (done < start) {
                visitor.text(done, start);
            }
            visitor.token(token, start, end);
            done = end;
        }
        if (done < to) {
            visitor.text(done, to);
        }
    }

    private static boolean isWordBefore(byte[] text, int from, int at) {
        return at > from && isWordAt(text, Utf8.previous(text, at), at);
    }

    private static boolean isWordAt(byte[] text, int at, int to) {
        return at < to && (CharClasses.of(Utf8.read(text, at)) & CharClasses.WORD) != 0;
    }

    private static int spaceStart(byte[] text, int from, int to) {
        int start = to;
        while (start > from) {
            int before = Utf8.previous(text, start);
            if ((CharClasses.of(Utf8.read(text, before)) & CharClasses.SPACE) == 0) {
                break;
            }
            start = before;
        }
        return start;
    }

    private static int spaceEnd(byte[] text, int from, int to) {
        int end = from;
        while (end < to && (CharClasses.of(Utf8.read(text, end)) & CharClasses.SPACE) != 0) {
            end += Utf8.length(text[end]);
        }
        return end;
    }
}
