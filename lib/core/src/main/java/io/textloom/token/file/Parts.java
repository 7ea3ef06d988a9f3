package io.textloom.token.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads every part of a tokenizer before it gives up on one that is not covered: what goes on to the reference's engine, where a lie may end the process, has been looked
 * at. Not safe for concurrent use.
 */
final class Parts {
    private final TokenizerJson json;
    private @Nullable NotCovered missing;

    Parts(TokenizerJson json) {
        this.json = json;
    }

    /**
     * Empty if the file has no such part or it is not covered.
     *
     * @param role what the part is, for messages
     */
    <T> Optional<T> read(String name, String role, Function<Part, T> reader) {
        JsonNode node = json.part(name);
        return node.isMissingNode() ? Optional.empty() : attempt(() -> reader.apply(new Part(role, node)));
    }

    Optional<Models.Built> model(boolean byteLevel) {
        return attempt(() -> Models.build(json, byteLevel));
    }

    /** @throws NotCovered if a part was not */
    void requireAll() {
        if (missing != null) {
            throw missing;
        }
    }

    private <T> Optional<T> attempt(Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (NotCovered e) {
            missing = missing == null ? e : missing;
            return Optional.empty();
        }
    }
}
