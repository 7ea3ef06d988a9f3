package io.textloom.token;

import io.textloom.token.file.AddedToken;
import io.textloom.token.file.OffsetTrim;
import io.textloom.token.file.Pipeline;
import io.textloom.token.normalize.Normalizer;
import io.textloom.token.normalize.TextBuffer;
import io.textloom.token.split.Pieces;
import io.textloom.token.unicode.CharClasses;
import io.textloom.token.unicode.Utf8;
import io.textloom.token.vocabulary.PieceEncoder;
import io.textloom.token.vocabulary.Vocabulary;
import java.util.Optional;

/**
 * One thread's buffers, word cache and scratch space over a pipeline.
 *
 * <p>The order is the reference's: added tokens in the original text, normalizer, added tokens in the normalized text, prefix, pre-tokenizer, model.
 */
final class NativeEncoder implements TokenEncoder {
    /** Buffers that grew beyond this are not kept for the next text; unit: bytes. */
    private static final int KEPT_BYTES = 1 << 24;

    private final NativeTokenizer owner;
    private final Optional<Normalizer> normalizer;
    private final boolean keepsOrigins;
    private final Cutter cutter;
    private final OffsetTrim trim;
    private final Vocabulary vocabulary;
    private final PieceEncoder model;
    private final WordCache cache = new WordCache();
    private final AddedTokens.Visitor inOriginal = new InOriginal();
    private final AddedTokens.Visitor inNormalized = new InNormalized();
    private TextBuffer original = new TextBuffer();
    private TextBuffer normalized = new TextBuffer();
    private TextBuffer current = original;
    private int[] ends = new int[256];
    private Tokens tokens = new Tokens();
    private boolean withOffsets;

    NativeEncoder(NativeTokenizer owner, Pipeline pipeline) {
        this.owner = owner;
        normalizer = pipeline.normalizer();
        keepsOrigins = Cutter.needsOrigins(pipeline.cuts(), normalizer.isPresent());
        cutter = new Cutter(pipeline.cuts());
        trim = pipeline.offsets();
        vocabulary = pipeline.model().vocabulary();
        model = pipeline.model().encoder();
    }

    @Override
    public void encode(byte[] utf8, int from, int to, Tokens into) {
        into.clear();
        run(utf8, from, to, into, false);
    }

    @Override
    public void encodeWithOffsets(byte[] utf8, int from, int to, Tokens into) {
        into.clearForOffsets();
        run(utf8, from, to, into, true);
    }

    @Override
    public void close() {
        if (original.bytes().length > KEPT_BYTES) {
            original = new TextBuffer();
            normalized = new TextBuffer();
            cutter.forgetLargeBuffers();
            ends = new int[256];
        }
        owner.giveBack(this);
    }

    private void run(byte[] utf8, int from, int to, Tokens into, boolean withOffsets) {
        tokens = into;
        this.withOffsets = withOffsets;
        original.set(utf8, from, to, withOffsets || keepsOrigins);
        try {
            owner.inOriginal().visit(original, 0, original.length(), inOriginal);
        } catch (IllegalArgumentException e) {
            throw new TokenizerException(
                    "The tokenizer failed on a text of " + (to - from) + " bytes: " + e.getMessage(), e);
        }
    }

    private final class InOriginal implements AddedTokens.Visitor {
        @Override
        public void text(int from, int to) {
            current = original;
            int start = from;
            int end = to;
            if (normalizer.isPresent()) {
                normalized.clear(original.aligned());
                normalizer.get().normalize(original, from, to, normalized);
                current = normalized;
                start = 0;
                end = normalized.length();
            }
            owner.inNormalized().visit(current, start, end, inNormalized);
        }

        @Override
        public void token(AddedToken token, int from, int to) {
            added(token, original, from, to);
        }
    }

    private final class InNormalized implements AddedTokens.Visitor {
        @Override
        public void text(int from, int to) {
            Pieces pieces = cutter.cut(current, from, to);
            if (withOffsets) {
                encodePiecesWithOffsets(pieces, cutter.text());
            } else {
                encodePieces(pieces, cutter.text().bytes());
            }
        }

        @Override
        public void token(AddedToken token, int from, int to) {
            added(token, current, from, to);
        }
    }

    private void encodePieces(Pieces pieces, byte[] text) {
        int[] bounds = pieces.bounds();
        int[] ids = room(0);
        int at = tokens.size();
        for (int i = 0, n = 2 * pieces.size(); i < n; i += 2) {
            int from = bounds[i];
            int to = bounds[i + 1];
            if (ids.length - at < to - from + WordCache.MAX_TOKENS) {
                tokens.setSize(at);
                ids = room(to - from);
            }
            at += encodePiece(text, from, to, ids, at);
        }
        tokens.setSize(at);
    }

    private void encodePiecesWithOffsets(Pieces pieces, TextBuffer text) {
        for (int i = 0; i < pieces.size(); i++) {
            int from = pieces.from(i);
            int to = pieces.to(i);
            int[] ids = room(to - from);
            int at = tokens.size();
            int n = encodePiece(text.bytes(), from, to, ids, at);
            tokens.setSize(at + n);
            int start = from;
            int end = from;
            for (int t = at; t < at + n; t++) {
                start = ends[t] > end ? end : start;
                end = ends[t];
                tokens.setOffsets(t, text.start(start), text.end(end - 1));
                if (trim != OffsetTrim.NONE) {
                    trim(t, spaces(ids[t], true), spaces(ids[t], false));
                }
            }
        }
    }

    private int encodePiece(byte[] text, int from, int to, int[] ids, int at) {
        return to - from <= WordCache.MAX_BYTES
                ? encodeShort(text, from, to, ids, at)
                : encodeLong(text, from, to, ids, at);
    }

    /** In parts, where no token can cross: the parts of Chinese text are single characters, which the cache knows. */
    private int encodeLong(byte[] text, int from, int to, int[] ids, int at) {
        int n = 0;
        int start = from;
        while (start < to) {
            int end = model.cut(text, start, to);
            n += end - start <= WordCache.MAX_BYTES
                    ? encodeShort(text, start, end, ids, at + n)
                    : model.encode(text, start, end, ids, ends, at + n);
            start = end;
        }
        return n;
    }

    private int encodeShort(byte[] text, int from, int to, int[] ids, int at) {
        int length = to - from;
        long low = WordCache.low(text, from, length);
        long high = WordCache.high(text, from, length);
        int n = cache.find(low, high, from, ids, ends, at);
        if (n == 0) {
            n = model.encode(text, from, to, ids, ends, at);
            if (n > 0 && n <= WordCache.MAX_TOKENS) {
                cache.put(low, high, from, ids, ends, at, n);
            }
        }
        return n;
    }

    /** Room for the tokens of a piece, ends included. */
    private int[] room(int bytes) {
        int[] ids = tokens.idsWithRoom(bytes + WordCache.MAX_TOKENS);
        if (ends.length < ids.length) {
            ends = new int[ids.length];
        }
        return ids;
    }

    private void added(AddedToken token, TextBuffer text, int from, int to) {
        if (!withOffsets) {
            tokens.add(token.id());
            return;
        }
        tokens.add(token.id(), text.start(from), text.end(to - 1));
        if (trim != OffsetTrim.NONE) {
            int leading = 0;
            int at = from;
            while (at < to && isSpace(text.bytes(), at)) {
                leading++;
                at += Utf8.length(text.bytes()[at]);
            }
            int trailing = 0;
            at = to;
            while (at > from && isSpace(text.bytes(), Utf8.previous(text.bytes(), at))) {
                trailing++;
                at = Utf8.previous(text.bytes(), at);
            }
            trim(tokens.size() - 1, leading, trailing);
        }
    }

    private static boolean isSpace(byte[] text, int at) {
        return CharClasses.is(Utf8.read(text, at), CharClasses.SPACE);
    }

    /** How many spaces a byte-level token begins or ends with. */
    private int spaces(int id, boolean leading) {
        int length = vocabulary.length(id);
        int n = 0;
        while (n < length && vocabulary.byteAt(id, leading ? n : length - 1 - n) == ' ') {
            n++;
        }
        return n;
    }

    private void trim(int token, int leading, int trailing) {
        int start = tokens.start(token);
        int end = tokens.end(token);
        boolean ours = trim == OffsetTrim.TRIM_KEEPING_PREFIX && leading == 1 && (token == 0 || start == 0);
        if (leading > 0 && !ours) {
            start = Math.min(start + leading, end);
        }
        if (trailing > 0 && end >= trailing) {
            end = Math.max(end - trailing, start);
        }
        tokens.setOffsets(token, start, end);
    }
}
