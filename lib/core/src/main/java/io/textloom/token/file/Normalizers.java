package io.textloom.token.file;

import io.textloom.token.normalize.BertNormalizer;
import io.textloom.token.normalize.ByteAlphabetNormalizer;
import io.textloom.token.normalize.CharsMap;
import io.textloom.token.normalize.CharsMapNormalizer;
import io.textloom.token.normalize.CharwiseNormalizer;
import io.textloom.token.normalize.NormalFormNormalizer;
import io.textloom.token.normalize.Normalizer;
import io.textloom.token.normalize.NormalizerChain;
import io.textloom.token.normalize.PrependNormalizer;
import io.textloom.token.normalize.ReplaceNormalizer;
import io.textloom.token.normalize.StripNormalizer;
import io.textloom.token.unicode.NormalForm;
import java.util.ArrayList;
import java.util.List;

/** Normalizers by the names that tokenizer.json gives them. */
final class Normalizers {
    private Normalizers() {}

    /** @throws NotCovered if it is none of ours */
    static Normalizer of(Part part) {
        return switch (part.type()) {
            case "BertNormalizer" -> bert(part);
            case "Lowercase" -> CharwiseNormalizer.LOWERCASE;
            case "StripAccents" -> CharwiseNormalizer.STRIP_ACCENTS;
            case "Nmt" -> CharwiseNormalizer.NMT;
            case "Strip" -> new StripNormalizer(part.flag("strip_left", true), part.flag("strip_right", true));
            case "Replace" -> new ReplaceNormalizer(Patterns.of(part), part.text("content"));
            case "Prepend" -> new PrependNormalizer(part.text("prepend"));
            case "ByteLevel" -> new ByteAlphabetNormalizer();
            case "Precompiled" -> new CharsMapNormalizer(CharsMap.decode(part.text("precompiled_charsmap")));
            case "NFC", "NFD", "NFKC", "NFKD" -> new NormalFormNormalizer(NormalForm.valueOf(part.type()));
            case "Sequence" -> chain(part);
            default -> throw part.notCovered();
        };
    }

    private static Normalizer bert(Part part) {
        boolean lowercase = part.flag("lowercase", true);
        return new BertNormalizer(
                part.flag("clean_text", true),
                part.flag("handle_chinese_chars", true),
                part.flag("strip_accents", lowercase),
                lowercase);
    }

    private static Normalizer chain(Part part) {
        List<Normalizer> steps = new ArrayList<>();
        part.forEachStep("normalizers", step -> steps.add(of(step)));
        return steps.size() == 1 ? steps.get(0) : new NormalizerChain(steps);
    }
}
