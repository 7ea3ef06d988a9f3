package io.textloom.spark.stage;

import io.textloom.text.Rejection;
import java.util.Iterator;

/** What became of a large document before anything of it was computed. */
public sealed interface Cut {
    /** @param parts at least one, in the document's order; made one by one as they are asked for, which ends before the next document is cut */
    record Parts(Iterator<Part> parts) implements Cut {}

    /** The document goes to the error table whole. */
    record Rejected(Rejection rejection) implements Cut {}
}
