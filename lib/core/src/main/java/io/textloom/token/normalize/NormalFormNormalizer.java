package io.textloom.token.normalize;

import io.textloom.token.unicode.NormalForm;
import io.textloom.token.unicode.Utf8;

/** Unicode normalization forms, with the reference's tables and origins. */
public record NormalFormNormalizer(NormalForm form) implements Normalizer {
    @Override
    public void normalize(TextBuffer in, int from, int to, TextBuffer out) {
        byte[] text = in.bytes();
        int firstChar = in.aligned() && from < to ? in.start(from) : 0;
        Segment[] segment = new Segment[1];
        int copied = from;
        int at = from;
        while (at < to) {
            int lead = text[at];
            if (lead >= 0 || form.isInert(Utf8.read(text, at))) {
                at += Utf8.length((byte) lead);
                continue;
            }
            int start = at > copied ? Utf8.previous(text, at) : at;
            out.copy(in, copied, start);
            if (segment[0] == null) {
                segment[0] = new Segment(in, (c, change) -> segment[0].put(c, out, firstChar));
            }
            for (at = start; at < to; at += Utf8.length(text[at])) {
                int codePoint = Utf8.read(text, at);
                if (at > start && form.isInert(codePoint)) {
                    break;
                }
                segment[0].add(codePoint, at);
            }
            segment[0].flush(form, start > from ? Utf8.previous(text, start) : -1);
            copied = at;
        }
        out.copy(in, copied, to);
    }
}
