package io.textloom.spark.stage;

import io.textloom.classify.TextPair;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Documents with the text that goes with each; one whose text is missing is rejected. */
final class SideTexts {
    private final List<TextPair> pairs = new ArrayList<>();
    /** Of each document whether it has a pair. */
    private final boolean[] complete;

    private final Optional<SideText> side;

    SideTexts(List<Document> documents, Optional<SideText> side) {
        this.side = side;
        complete = new boolean[documents.size()];
        for (int i = 0; i < complete.length; i++) {
            Document document = documents.get(i);
            if (side.isPresent() && side.get().list()) {
                addChoices(i, document, side.get());
                continue;
            }
            Optional<String> other = side.flatMap(text -> document.keptText(text.ordinal()));
            complete[i] = side.isEmpty() || other.isPresent();
            if (complete[i]) {
                pairs.add(new TextPair(document.text(), other));
            }
        }
    }

    private void addChoices(int number, Document document, SideText column) {
        List<@Nullable String> choices = document.keptTexts(column.ordinal()).orElse(List.of());
        List<String> whole = new ArrayList<>(choices.size());
        for (String choice : choices) {
            if (choice != null && !choice.isBlank()) {
                whole.add(choice);
            }
        }
        complete[number] = !choices.isEmpty() && whole.size() == choices.size();
        if (complete[number]) {
            pairs.add(new TextPair(document.text(), Optional.empty(), whole));
        }
    }

    /** Of the complete documents, in their order. */
    List<TextPair> pairs() {
        return pairs;
    }

    boolean isComplete(int document) {
        return complete[document];
    }

    Rejection rejection() {
        if (side.isPresent() && side.get().list()) {
            return new Rejection(
                    RejectCode.INVALID_CHOICES,
                    "The column " + side.get().column() + " holds no list of choices, or one with an empty text");
        }
        return new Rejection(
                RejectCode.MISSING_TEXT,
                "The column " + side.map(SideText::column).orElse("") + " is null or absent");
    }
}
