package io.textloom.token.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.token.normalize.LeadingSpace;
import io.textloom.token.normalize.MarkedSpaces;
import io.textloom.token.pattern.AnyOf;
import io.textloom.token.pattern.Literal;
import io.textloom.token.split.BeforeSplit;
import io.textloom.token.split.BertSplit;
import io.textloom.token.split.Cl100kSplit;
import io.textloom.token.split.CutBehavior;
import io.textloom.token.split.FixedLengthSplit;
import io.textloom.token.split.Gpt2Split;
import io.textloom.token.split.PatternSplit;
import io.textloom.token.split.PreTokenizer;
import io.textloom.token.split.WholeText;
import io.textloom.token.split.WordSplit;
import io.textloom.token.unicode.CharClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pre-tokenizers by the names that tokenizer.json gives them; the usual regular expressions are known by their text. */
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

    private final List<CutStep> steps = new ArrayList<>();
    private boolean byteLevel;

    private PreTokenizers() {}

    /** @throws NotCovered if it is none of ours */
    static Cutting of(Part part) {
        PreTokenizers all = new PreTokenizers();
        all.add(part);
        return new Cutting(all.steps, all.byteLevel);
    }

    private void add(Part step) {
        if (step.type().equals("Sequence")) {
            step.forEachStep("pretokenizers", this::add);
            return;
        }
        if (byteLevel) {
            throw step.notCovered("after ByteLevel");
        }
        switch (step.type()) {
            case "ByteLevel" -> addByteLevel(step);
            case "Metaspace" -> {
                String mark = step.character("replacement");
                steps.add(CutStep.of(
                        new MarkedSpaces(mark.codePointAt(0), Metaspaces.front(step)),
                        step.flag("split", true) ? new BeforeSplit(mark) : new WholeText()));
            }
            default -> steps.add(CutStep.of(cut(step)));
        }
    }

    private void addByteLevel(Part step) {
        PreTokenizer cut = step.flag("use_regex", true) ? new Gpt2Split() : new WholeText();
        if (step.flag("add_prefix_space", true)) {
            steps.add(CutStep.of(new LeadingSpace(), cut));
        } else if (!(cut instanceof WholeText)) {
            steps.add(CutStep.of(cut));
        }
        byteLevel = true;
    }

    private static PreTokenizer cut(Part step) {
        return switch (step.type()) {
            case "BertPreTokenizer" -> new BertSplit();
            case "Whitespace" -> new WordSplit();
            case "WhitespaceSplit" -> new PatternSplit(new AnyOf(CharClasses.SPACE), CutBehavior.REMOVED, false);
            case "CharDelimiterSplit" ->
                new PatternSplit(new Literal(step.character("delimiter")), CutBehavior.REMOVED, false);
            case "Punctuation" -> new PatternSplit(new AnyOf(CharClasses.PUNCTUATION), behavior(step), false);
            case "Digits" ->
                new PatternSplit(
                        new AnyOf(CharClasses.NUMERIC),
                        step.flag("individual_digits", false) ? CutBehavior.ISOLATED : CutBehavior.CONTIGUOUS,
                        false);
            case "FixedLength" -> new FixedLengthSplit(step.number("length", 5));
            case "Split" -> split(step);
            default -> throw step.notCovered();
        };
    }

    private static PreTokenizer split(Part step) {
        CutBehavior behavior = behavior(step);
        boolean invert = step.flag("invert", false);
        JsonNode expression = step.field("pattern").path("Regex");
        PreTokenizer known = expression.isTextual() ? EXPRESSIONS.get(expression.textValue()) : null;
        // every character is in a match of these, so that Removed of what is between is Isolated of the matches
        boolean isolated = invert ? behavior == CutBehavior.REMOVED : behavior == CutBehavior.ISOLATED;
        return known != null && isolated ? known : new PatternSplit(Patterns.of(step), behavior, invert);
    }

    private static CutBehavior behavior(Part step) {
        return switch (step.text("behavior", "Isolated")) {
            case "Removed" -> CutBehavior.REMOVED;
            case "Isolated" -> CutBehavior.ISOLATED;
            case "Contiguous" -> CutBehavior.CONTIGUOUS;
            case "MergedWithPrevious" -> CutBehavior.MERGED_WITH_PREVIOUS;
            case "MergedWithNext" -> CutBehavior.MERGED_WITH_NEXT;
            default ->
                throw step.wrong("behavior", "Removed, Isolated, Contiguous, MergedWithPrevious or MergedWithNext");
        };
    }
}
