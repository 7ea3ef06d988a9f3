package io.textloom.embed;

import io.textloom.text.Rejection;
import java.util.List;

/** What became of one text. */
public sealed interface EmbedOutcome {
    /** @param chunks at least one; more where a long document was cut into windows */
    record Embedded(List<ChunkVector> chunks) implements EmbedOutcome {
        public Embedded {
            chunks = List.copyOf(chunks);
        }
    }

    record Rejected(Rejection rejection) implements EmbedOutcome {}
}
