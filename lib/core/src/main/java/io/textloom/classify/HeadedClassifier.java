package io.textloom.classify;

import io.textloom.embed.EmbedStats;
import io.textloom.model.TrainedHead;
import io.textloom.runtime.EncoderStats;
import io.textloom.text.Rejection;
import io.textloom.token.ModelInput;
import io.textloom.token.Tokens;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Texts to findings by a head on frozen vectors: every text and every one beside it goes through the encoder by itself, then row by row through the head. For one caller at a time. */
final class HeadedClassifier implements ClassifyEngine {
    private final HeadedModel model;
    private final TrainedHead head;
    private final FrozenVectors vectors;

    HeadedClassifier(HeadedModel model, FrozenVectors vectors) {
        this.model = model;
        this.head = model.net().head();
        this.vectors = vectors;
    }

    @Override
    public List<ClassifyOutcome> classify(List<TextPair> texts, EncoderStats stats) {
        List<String> all = new ArrayList<>(2 * texts.size());
        for (TextPair pair : texts) {
            all.add(pair.text());
            if (head.pair()) {
                all.addAll(beside(pair));
            }
        }
        EmbedStats own = new EmbedStats();
        List<FrozenText> frozen = vectors.of(all, own);
        stats.add(own);
        List<ClassifyOutcome> outcomes = new ArrayList<>(texts.size());
        int at = 0;
        for (TextPair pair : texts) {
            int count = head.pair() ? beside(pair).size() : 0;
            outcomes.add(outcome(pair, frozen.get(at), frozen.subList(at + 1, at + 1 + count)));
            at += 1 + count;
        }
        return outcomes;
    }

    private List<String> beside(TextPair pair) {
        return model.task() == ClassifyTask.CHOICE
                ? pair.choices()
                : List.of(pair.other().or(model.options()::otherText).orElse(""));
    }

    private ClassifyOutcome outcome(TextPair pair, FrozenText text, List<FrozenText> others) {
        Optional<Rejection> rejection = Stream.concat(Stream.of(text), others.stream())
                .flatMap(frozen -> frozen.rejection().stream())
                .findFirst();
        if (rejection.isPresent()) {
            return new ClassifyOutcome.Rejected(rejection.get());
        }
        int tokens = text.tokens();
        int dropped = text.dropped();
        for (FrozenText other : others) {
            tokens += other.tokens();
            dropped += other.dropped();
        }
        return new ClassifyOutcome.Classified(finding(pair, text, others), tokens, dropped);
    }

    private Finding finding(TextPair pair, FrozenText text, List<FrozenText> others) {
        float[] logits = model.net().logits(input(text, others));
        return switch (head.task()) {
            case SEQUENCE, PAIR -> model.labels(head.labels()).of(logits);
            case REGRESSION -> model.labels(List.of(head.name())).of(logits);
            case CHOICE -> model.labels(different(pair.choices())).of(logits);
            case TOKEN -> model.entities().find(pair.text(), whole(text), List.of(logits));
            case SPAN -> model.answers().find(pair.text(), whole(text), List.of(logits));
        };
    }

    /** What the head sees of one row. */
    private HeadInput input(FrozenText text, List<FrozenText> others) {
        return switch (head.task()) {
            case SEQUENCE -> HeadInput.single(1, text.vector());
            case TOKEN -> HeadInput.single(text.size(), text.tokenVectors());
            case SPAN ->
                new HeadInput(text.size(), text.tokenVectors(), others.get(0).vector());
            case CHOICE -> new HeadInput(others.size(), text.vector(), together(others));
            case PAIR, REGRESSION -> {
                if (!head.pair()) {
                    yield HeadInput.single(1, text.vector());
                }
                float[] other = others.get(0).vector();
                yield model.otherIsFirst()
                        ? HeadInput.pair(other, text.vector())
                        : HeadInput.pair(text.vector(), other);
            }
        };
    }

    private float[] together(List<FrozenText> texts) {
        int n = vectors.dimensions();
        float[] all = new float[texts.size() * n];
        for (int i = 0; i < texts.size(); i++) {
            System.arraycopy(texts.get(i).vector(), 0, all, i * n, n);
        }
        return all;
    }

    /** Labels of a map have to differ. */
    private static List<String> different(List<String> choices) {
        List<String> labels = new ArrayList<>(choices.size());
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < choices.size(); i++) {
            String choice = choices.get(i);
            labels.add(seen.add(choice) ? choice : choice + " (" + i + ")");
        }
        return labels;
    }

    /** All tokens of a text as one window, as each has its own vector. */
    private static CutInput whole(FrozenText text) {
        Tokens tokens = new Tokens();
        tokens.clearForOffsets();
        for (int i = 0; i < text.size(); i++) {
            tokens.add(text.id(i), text.start(i), text.end(i));
        }
        return new CutInput(List.of(ModelInput.bare(tokens)), 0, text.dropped(), tokens);
    }

    @Override
    public void close() {
        vectors.close();
    }
}
