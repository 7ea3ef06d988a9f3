package io.textloom.openai;

import io.textloom.generate.Prompt;
import io.textloom.generate.SamplingOptions;
import io.textloom.prompt.ChatTemplate;
import io.textloom.prompt.jinja.TemplateException;
import io.textloom.text.RejectCode;
import io.textloom.token.Tokenizer;
import io.textloom.token.TokenizerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests to prompts that fit the model's context beside what they ask for. Safe for concurrent use. */
public final class RequestPrompts {
    private final Tokenizer tokenizer;
    private final @Nullable ChatTemplate chat;
    private final List<String> forbidden;
    /** Unit: tokens. */
    private final int positions;
    /** Special tokens in front of a text that is completed; chat templates write their own. */
    private final int[] before;

    /**
     * @param chat the folder's template; null where it has none
     * @param forbidden spellings that texts may not hold
     * @param positions the model's context; unit: tokens
     */
    public RequestPrompts(Tokenizer tokenizer, @Nullable ChatTemplate chat, List<String> forbidden, int positions) {
        this.tokenizer = tokenizer;
        this.chat = chat;
        this.forbidden = List.copyOf(forbidden);
        this.positions = positions;
        this.before = tokenizer.specialTokens().before().stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** A prompt with its tokens and the way it is completed. The tokens are the holder's, not to be changed. */
    public static final class Made {
        private final String text;
        private final int[] ids;
        private final int dropped;
        private final SamplingOptions sampling;

        private Made(String text, int[] ids, int dropped, SamplingOptions sampling) {
            this.text = text;
            this.ids = ids;
            this.dropped = dropped;
            this.sampling = sampling;
        }

        public Prompt prompt() {
            return Prompt.of(text, ids, dropped);
        }

        public SamplingOptions sampling() {
            return sampling;
        }

        /** What the prompt spells; of ids, as they are decoded. */
        public String text() {
            return text;
        }

        public int lastToken() {
            return ids[ids.length - 1];
        }
    }

    /** @throws RequestException if one of the prompts cannot be made, or leaves no room for its completion */
    public List<Made> of(CompletionRequest request) {
        try {
            if (request.endpoint() == Endpoint.CHAT) {
                String text = converse(request.messages());
                return List.of(made(request, text, tokenizer.encode(text)));
            }
            List<Made> all = new ArrayList<>();
            for (PromptInput input : request.prompts()) {
                all.add(
                        input instanceof PromptInput.Text text
                                ? ofText(request, text.text())
                                : ofTokens(request, (PromptInput.Tokens) input));
            }
            return all;
        } catch (TokenizerException e) {
            throw new RequestException(
                    RejectCode.TOKENIZER_FAILED, "The tokenizer failed on the prompt: " + e.getMessage());
        }
    }

    private Made ofText(CompletionRequest request, String text) {
        requireNoSpecials("The prompt", text);
        return made(request, text, withSpecials(tokenizer.encode(text)));
    }

    private Made ofTokens(CompletionRequest request, PromptInput.Tokens tokens) {
        int[] ids = tokens.ids().stream().mapToInt(Integer::intValue).toArray();
        for (int id : ids) {
            if (id >= tokenizer.vocabularySize()) {
                throw RequestException.of(
                        "body.prompt", "a list with token " + id, "tokens below " + tokenizer.vocabularySize());
            }
        }
        return made(request, tokenizer.decode(ids, 0, ids.length), ids);
    }

    private int[] withSpecials(int[] ids) {
        int[] all = Arrays.copyOf(before, before.length + ids.length);
        System.arraycopy(ids, 0, all, before.length, ids.length);
        return all;
    }

    private Made made(CompletionRequest request, String text, int[] full) {
        int kept = Math.min(full.length, request.truncate().orElse(full.length));
        int[] ids = Arrays.copyOfRange(full, full.length - kept, full.length);
        if (ids.length == 0) {
            throw new RequestException(RejectCode.EMPTY_TEXT, "The prompt has no tokens; expected at least one");
        }
        int room = positions - ids.length;
        SamplingOptions sampling = request.sampling();
        if (room < 1 || !request.restOfContext() && sampling.maxNewTokens() > room) {
            throw new RequestException(
                    RejectCode.TOO_LONG,
                    "The prompt has " + ids.length + " tokens and its completion up to "
                            + (request.restOfContext() ? 1 : sampling.maxNewTokens()) + "; expected at most "
                            + positions
                            + " together, the model's context; shorten the prompt, ask for fewer tokens, or set"
                            + " truncate_prompt_tokens");
        }
        int length = Math.min(sampling.maxNewTokens(), room);
        return new Made(text, ids, full.length - kept, sampling.withLimits(length, sampling.seed()));
    }

    private void requireNoSpecials(String where, String text) {
        for (String spelling : forbidden) {
            if (text.contains(spelling)) {
                throw new RequestException(
                        RejectCode.SPECIAL_TOKEN,
                        where + " spells the special token " + spelling
                                + "; generate.specialTexts keep would make it one");
            }
        }
    }

    private String converse(List<Map<String, Object>> messages) {
        if (chat == null) {
            throw RequestException.refused(
                    "/v1/chat/completions", "the model's folder has no chat template; choose another --model");
        }
        for (Map<String, Object> message : messages) {
            message.values().forEach(value -> requireNoSpecials("A message", String.valueOf(value)));
        }
        try {
            return chat.render(messages, true);
        } catch (TemplateException e) {
            throw new RequestException(RejectCode.TEMPLATE_FAILED, "The chat template failed, " + e.getMessage());
        }
    }
}
