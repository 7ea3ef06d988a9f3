package io.textloom.token.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.token.normalize.LeadingSpace;
import io.textloom.token.normalize.Normalizer;
import io.textloom.token.split.BertSplit;
import io.textloom.token.split.Cl100kSplit;
import io.textloom.token.split.Gpt2Split;
import io.textloom.token.split.PreTokenizer;
import io.textloom.token.split.SplitChain;
import io.textloom.token.split.WholeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pre-tokenizers by the names that tokenizer.json gives them; regular expressions are known by their text. */
final class PreTokenizers {
    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|";

    private static final Map<String, PreTokenizer> EXPRESSIONS = Map.of(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            new Gpt2Split(),
            CONTRACTIONS
                    + "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            new Cl100kSplit(3),
            CONTRACTIONS
                    + "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            new Cl100kSplit(1));

    private PreTokenizers() {}

    /** @throws NotCovered if it is none of ours */
    static Cutting of(Part part) {
        List<Part> steps = part.type().equals("Sequence") ? part.steps("pretokenizers") : List.of(part);
        Optional<Normalizer> prefix = Optional.empty();
        List<PreTokenizer> cuts = new ArrayList<>();
        boolean byteLevel = false;
        for (Part step : steps) {
            if (byteLevel) {
                throw step.notCovered("after ByteLevel");
            }
            switch (step.type()) {
                case "ByteLevel" -> {
                    if (step.flag("add_prefix_space", true)) {
                        if (!cuts.isEmpty()) {
                            throw step.notCovered("with add_prefix_space after another pre-tokenizer");
                        }
                        prefix = Optional.of(new LeadingSpace());
                    }
                    if (step.flag("use_regex", true)) {
                        cuts.add(new Gpt2Split());
                    }
                    byteLevel = true;
                }
                default -> cuts.add(cut(step));
            }
        }
        PreTokenizer cut = cuts.isEmpty() ? new WholeText() : cuts.size() == 1 ? cuts.get(0) : new SplitChain(cuts);
        return new Cutting(prefix, cut, byteLevel);
    }

    private static PreTokenizer cut(Part step) {
        return switch (step.type()) {
            case "BertPreTokenizer" -> new BertSplit();
            case "Split" -> split(step);
            default -> throw step.notCovered();
        };
    }

    private static PreTokenizer split(Part step) {
        JsonNode expression = step.field("pattern").path("Regex");
        PreTokenizer known = expression.isTextual() ? EXPRESSIONS.get(expression.textValue()) : null;
        // every character is in a match of these, so that Removed of what is between is Isolated of the matches
        boolean isolated = step.text("behavior", "").equals("Isolated") && !step.flag("invert", false)
                || step.text("behavior", "").equals("Removed") && step.flag("invert", false);
        if (known == null || !isolated) {
            throw step.notCovered("by " + step.field("pattern"));
        }
        return known;
    }
}
