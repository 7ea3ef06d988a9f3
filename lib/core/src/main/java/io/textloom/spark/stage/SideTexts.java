package io.textloom.spark.stage;

import io.textloom.classify.TextPair;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
            Optional<String> other = side.flatMap(text -> document.keptText(text.ordinal()));
            complete[i] = side.isEmpty() || other.isPresent();
            if (complete[i]) {
                pairs.add(new TextPair(document.text(), other));
            }
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
        return new Rejection(
                RejectCode.MISSING_TEXT,
                "The column " + side.map(SideText::column).orElse("") + " is null or absent");
    }
}
