package io.textloom.token;

import io.textloom.token.decode.TokenSink;
import io.textloom.token.file.AddedToken;
import io.textloom.token.file.Pipeline;
import io.textloom.token.file.Template;
import io.textloom.token.normalize.TextBuffer;
import io.textloom.token.vocabulary.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A pipeline in Java: the same ids, offsets and texts as the reference, without its engine. */
final class NativeTokenizer implements Tokenizer {
    /** Encoders kept for the next borrower. */
    private static final int MAX_IDLE = Runtime.getRuntime().availableProcessors();

    private final Pipeline pipeline;
    private final AddedTokens inOriginal;
    private final AddedTokens inNormalized;
    private final Map<Integer, String> addedById = new HashMap<>();
    private final Map<Integer, AddedToken> specialById = new HashMap<>();
    private final int vocabularySize;
    private final SpecialTokens specialTokens;
    private final ConcurrentLinkedQueue<NativeEncoder> idle = new ConcurrentLinkedQueue<>();

    NativeTokenizer(Pipeline pipeline) {
        this.pipeline = pipeline;
        List<AddedToken> plain = new ArrayList<>();
        List<String> plainSpellings = new ArrayList<>();
        List<AddedToken> rewritten = new ArrayList<>();
        List<String> rewrittenSpellings = new ArrayList<>();
        int size = pipeline.tokens().size();
        for (AddedToken token : pipeline.added()) {
            String spelling = token.normalized() ? normalized(token.content()) : token.content();
            (token.normalized() ? rewritten : plain).add(token);
            (token.normalized() ? rewrittenSpellings : plainSpellings).add(spelling);
            addedById.put(token.id(), spelling);
            if (token.special()) {
                specialById.put(token.id(), token);
            }
            size = Math.max(size, token.id() + 1);
        }
        inOriginal = new AddedTokens(plain, plainSpellings);
        inNormalized = new AddedTokens(rewritten, rewrittenSpellings);
        vocabularySize = size;
        specialTokens = around(pipeline.template());
    }

    AddedTokens inOriginal() {
        return inOriginal;
    }

    AddedTokens inNormalized() {
        return inNormalized;
    }

    @Override
    public TokenEncoder encoder() {
        NativeEncoder encoder = idle.poll();
        return encoder == null ? new NativeEncoder(this, pipeline) : encoder;
    }

    void giveBack(NativeEncoder encoder) {
        if (idle.size() < MAX_IDLE) {
            idle.add(encoder);
        }
    }

    @Override
    public String decode(int[] ids, int from, int to) {
        StringBuilder text = new StringBuilder();
        TokenSink sink = decoder(text);
        for (int i = from; i < to; i++) {
            decode(ids[i], sink);
        }
        sink.end();
        return text.toString();
    }

    @Override
    public StreamDecoder streamDecoder() {
        StringBuilder text = new StringBuilder();
        TokenSink sink = decoder(text);
        return new StreamDecoder() {
            @Override
            public String push(int id) {
                decode(id, sink);
                return taken();
            }

            @Override
            public String end() {
                sink.end();
                return taken();
            }

            private String taken() {
                String taken = text.toString();
                text.setLength(0);
                return taken;
            }
        };
    }

    private TokenSink decoder(StringBuilder text) {
        return pipeline.decoder().onto(new TokenSink() {
            @Override
            public void token(String token) {
                text.append(token);
            }

            @Override
            public void end() {}
        });
    }

    private void decode(int id, TokenSink sink) {
        String token = specialById.containsKey(id) ? null : token(id);
        if (token != null) {
            sink.token(token);
        }
    }

    /** As the decoder takes it: an added token as it is looked for, any other as the file spells it; null if the id has none. */
    private @Nullable String token(int id) {
        String added = addedById.get(id);
        Vocabulary tokens = pipeline.tokens();
        return added != null ? added : tokens.has(id) ? tokens.token(id) : null;
    }

    @Override
    public Spelling spelling() {
        return new Spelling() {
            @Override
            public String of(int id) {
                String token = token(id);
                return token == null ? "" : token;
            }

            @Override
            public String text(List<String> tokens) {
                StringBuilder text = new StringBuilder();
                TokenSink sink = decoder(text);
                tokens.forEach(sink::token);
                sink.end();
                return text.toString();
            }

            @Override
            public String continuation() {
                return pipeline.model().continuation();
            }
        };
    }

    @Override
    public BitSet addedTokens() {
        BitSet added = new BitSet();
        addedById.keySet().forEach(added::set);
        return added;
    }

    @Override
    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    @Override
    public Template template() {
        return pipeline.template();
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public void close() {
        idle.clear();
    }

    private String normalized(String content) {
        if (pipeline.normalizer().isEmpty()) {
            return content;
        }
        TextBuffer in = new TextBuffer();
        TextBuffer out = new TextBuffer();
        byte[] utf8 = Utf16.toUtf8(content);
        in.set(utf8, 0, utf8.length, false);
        pipeline.normalizer().get().normalize(in, 0, utf8.length, out);
        return new String(out.bytes(), 0, out.length(), StandardCharsets.UTF_8);
    }

    private static SpecialTokens around(Template template) {
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        List<Integer> side = before;
        for (Template.Slot slot : template.single()) {
            if (slot instanceof Template.Special special) {
                side.addAll(special.ids());
            } else {
                side = after;
            }
        }
        return new SpecialTokens(before, after);
    }
}
