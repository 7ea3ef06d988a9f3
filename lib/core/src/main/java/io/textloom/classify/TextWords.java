package io.textloom.classify;

import io.textloom.model.ModelFolder;
import io.textloom.token.NamedTokens;
import io.textloom.token.Spelling;
import io.textloom.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** Where words begin among the tokens of a text. */
final class TextWords {
    private final Spelling spelling;
    private final int unknown;

    /** @param unknown id of the token for unknown text; -1 for none */
    TextWords(Spelling spelling, int unknown) {
        this.spelling = spelling;
        this.unknown = unknown;
    }

    static TextWords of(ModelFolder folder, Tokenizer tokenizer) {
        List<String> spellings = new ArrayList<>();
        folder.specialToken("unk_token").ifPresent(spellings::add);
        spellings.addAll(List.of("[UNK]", "<unk>"));
        return new TextWords(
                tokenizer.spelling(), NamedTokens.spelled(tokenizer, spellings).orElse(-1));
    }

    boolean isUnknown(int id) {
        return id == unknown;
    }

    /** A token as its tokenizer spells it; unknown text as it stands there. */
    String spelled(CodePoints text, int id, int start, int end) {
        return isUnknown(id) ? text.part(start, end) : spelling.of(id);
    }

    Spelling spelling() {
        return spelling;
    }

    /**
     * Whether a token goes on with the word of the one before it, as transformers tells: by its mark, which makes it longer than the text it covers, else by the
     * spaces around its first character.
     */
    boolean continues(CodePoints text, int id, int start, int end) {
        if (isUnknown(id)) {
            return false;
        }
        if (!spelling.continuation().isEmpty()) {
            String spelled = spelling.of(id);
            return spelled.codePointCount(0, spelled.length()) != end - start;
        }
        return start > 0 && text.at(start - 1) != ' ' && (start >= text.length() || text.at(start) != ' ');
    }

    /**
     * Whether a token is inside a word of the pre-tokenizer: for marked tokens that has a mark; else words end at white space, and letters, digits and all others do
     * not mix.
     */
    boolean insideWord(CodePoints text, int id, int start) {
        String mark = spelling.continuation();
        if (!mark.isEmpty()) {
            return !isUnknown(id) && spelling.of(id).startsWith(mark);
        }
        return start > 0
                && start < text.length()
                && kind(text.at(start)) != ' '
                && kind(text.at(start - 1)) == kind(text.at(start));
    }

    private static char kind(int character) {
        if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
            return ' ';
        }
        return Character.isLetter(character) ? 'a' : Character.isDigit(character) ? '0' : '.';
    }
}
