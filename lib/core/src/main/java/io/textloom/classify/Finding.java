package io.textloom.classify;

import java.util.List;
import java.util.Optional;

/** What was found in a text. */
public sealed interface Finding {
    /** The label that a text gets, and its score; empty if nothing fits. */
    Optional<LabelScore> best();

    /** @param scores highest first */
    record Labels(Optional<LabelScore> best, List<LabelScore> scores) implements Finding {
        public Labels {
            scores = List.copyOf(scores);
        }
    }

    /** @param entities in the order of the text; {@link #best} is the label of the most certain one */
    record Entities(List<Entity> entities) implements Finding {
        public Entities {
            entities = List.copyOf(entities);
        }

        @Override
        public Optional<LabelScore> best() {
            Entity best = null;
            for (Entity entity : entities) {
                best = best == null || entity.score() > best.score() ? entity : best;
            }
            return best == null ? Optional.empty() : Optional.of(new LabelScore(best.label(), best.score()));
        }
    }

    /**
     * @param answers best first
     * @param noAnswer how likely it is that the text holds none
     */
    record Answers(List<Answer> answers, float noAnswer) implements Finding {
        public Answers {
            answers = List.copyOf(answers);
        }

        @Override
        public Optional<LabelScore> best() {
            return answers.isEmpty() || answers.get(0).text().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new LabelScore(answers.get(0).text(), answers.get(0).score()));
        }
    }
}
