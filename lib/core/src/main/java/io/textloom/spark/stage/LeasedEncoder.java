package io.textloom.spark.stage;

import io.textloom.model.ModelRef;
import io.textloom.token.LengthCounter;
import io.textloom.token.NamedTokens;
import io.textloom.token.SpecialTokens;
import io.textloom.token.TokenEncoder;
import io.textloom.token.TokenWindows;
import io.textloom.token.TokenizeOptions;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokens;
import java.util.List;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.unsafe.types.UTF8String;

/** One tokenizer as one task uses it: an encoder of its own, the tokens of the document at hand, what stands around them, and the counts. */
final class LeasedEncoder implements AutoCloseable {
    final String name;
    final UTF8String nameUtf8;
    final Tokens tokens = new Tokens();
    final LengthCounter lengths = new LengthCounter();
    final int[] before;
    final int[] after;

    private final ExecutorModels.Lease<Tokenizer> lease;
    private final TokenEncoder encoder;

    LeasedEncoder(ModelRef model, TokenizeOptions options, Configuration conf) {
        name = model.shortName();
        nameUtf8 = UTF8String.fromString(name);
        lease = ModelLeases.tokenizer(model, conf);
        try {
            SpecialTokens special =
                    options.specialTokens() ? lease.model().specialTokens() : new SpecialTokens(List.of(), List.of());
            before = special.before().stream().mapToInt(i -> i).toArray();
            after = special.after().stream().mapToInt(i -> i).toArray();
            encoder = lease.model().encoder();
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    /** unit: tokens */
    int specialCount() {
        return before.length + after.length;
    }

    /**
     * How rows of this tokenizer are cut; without a limit one holds any document.
     *
     * @throws IllegalArgumentException if the limit leaves no room for text
     */
    TokenWindows windows(TokenizeOptions options) {
        int room = options.maxTokens() == 0 ? Integer.MAX_VALUE : options.maxTokens() - specialCount();
        if (room < 1) {
            throw new IllegalArgumentException("tokenize.maxTokens is " + options.maxTokens()
                    + " but the special tokens of " + name + " alone are " + specialCount() + "; set a larger limit");
        }
        if (room <= options.stride()) {
            throw new IllegalArgumentException("tokenize.stride is " + options.stride() + " but a chunk has room for "
                    + room + " tokens beside the " + specialCount() + " special ones of " + name
                    + "; set a smaller stride or a larger tokenize.maxTokens");
        }
        return new TokenWindows(room, options.stride());
    }

    /** @throws io.textloom.token.TokenizerException if the tokenizer fails on this text */
    void encode(Document document, boolean offsets) {
        document.readText((utf8, from, to) -> {
            if (offsets) {
                encoder.encodeWithOffsets(utf8, from, to, tokens);
            } else {
                encoder.encode(utf8, from, to, tokens);
            }
        });
    }

    /** What ends each document of a block. */
    OptionalInt separator(TokenizeOptions options) {
        return switch (options.separator()) {
            case TokenizeOptions.NO_SEPARATOR -> OptionalInt.empty();
            case TokenizeOptions.AUTO_SEPARATOR -> NamedTokens.end(lease.model());
            default -> {
                OptionalInt id = NamedTokens.id(lease.model(), options.separator());
                if (id.isEmpty()) {
                    throw new IllegalArgumentException("tokenize.separator is " + options.separator() + ", which "
                            + name + " does not read as one token; expected auto, none or the spelling of a token");
                }
                yield id;
            }
        };
    }

    int padding() {
        return NamedTokens.padding(lease.model());
    }

    @Override
    public void close() {
        try (lease) {
            encoder.close();
        }
    }
}
