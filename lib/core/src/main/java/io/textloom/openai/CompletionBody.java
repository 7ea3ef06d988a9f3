package io.textloom.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.generate.Generated;
import io.textloom.generate.TokenLogprob;
import io.textloom.token.StreamDecoder;
import io.textloom.token.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The body that answers a request for completions: objects {@code text_completion} and {@code chat.completion}. Safe for concurrent use. */
public final class CompletionBody {
    /** What the API says of a token that has no probability to speak of. */
    private static final float LEAST_LOGPROB = -9999;

    private static final char REPLACEMENT = '\ufffd';

    private final Tokenizer tokenizer;
    private final Answerer answerer;

    public CompletionBody(Tokenizer tokenizer, Answerer answerer) {
        this.tokenizer = tokenizer;
        this.answerer = answerer;
    }

    /**
     * @param prompts of the request
     * @param completions prompt by prompt, each with all its samples
     */
    public String render(
            String customId,
            CompletionRequest request,
            List<RequestPrompts.Made> prompts,
            List<Generated> completions) {
        boolean chat = request.endpoint() == Endpoint.CHAT;
        ObjectNode body = BodyFields.JSON.createObjectNode();
        body.put("id", Answerer.id(chat ? "chatcmpl-" : "cmpl-", customId));
        body.put("object", chat ? "chat.completion" : "text_completion");
        body.put("created", answerer.created());
        body.put("model", answerer.model());
        ArrayNode choices = body.putArray("choices");
        int samples = completions.size() / prompts.size();
        long promptTokens = 0;
        long completionTokens = 0;
        for (int i = 0; i < completions.size(); i++) {
            Generated g = completions.get(i);
            RequestPrompts.Made prompt = prompts.get(i / samples);
            promptTokens += i % samples == 0 ? g.promptTokens() : 0;
            completionTokens += g.completionTokens();
            ObjectNode choice = choices.addObject();
            choice.put("index", i);
            if (chat) {
                message(choice, g, prompt);
            } else {
                text(choice, request, g, prompt);
            }
            choice.put("finish_reason", g.finishReason().toString());
        }
        ObjectNode usage = body.putObject("usage");
        usage.put("prompt_tokens", promptTokens);
        usage.put("completion_tokens", completionTokens);
        usage.put("total_tokens", promptTokens + completionTokens);
        body.put("system_fingerprint", answerer.fingerprint());
        return body.toString();
    }

    private void text(ObjectNode choice, CompletionRequest request, Generated g, RequestPrompts.Made prompt) {
        choice.put("text", request.echo() ? prompt.text() + g.completion() : g.completion());
        if (g.tokens().isEmpty()) {
            choice.putNull("logprobs");
            return;
        }
        ObjectNode logprobs = choice.putObject("logprobs");
        ArrayNode tokens = logprobs.putArray("tokens");
        ArrayNode chosen = logprobs.putArray("token_logprobs");
        ArrayNode top = request.sampling().logprobs() > 0 ? logprobs.putArray("top_logprobs") : null;
        if (top == null) {
            logprobs.putNull("top_logprobs");
        }
        ArrayNode offsets = logprobs.putArray("text_offset");
        each(g, prompt, (told, before, offset) -> {
            String token = text(before, told.id(), told.token());
            tokens.add(token);
            chosen.add(plain(told.logprob()));
            offsets.add(offset);
            if (top != null) {
                ObjectNode alternatives = top.addObject();
                told.top().forEach(a -> {
                    String other = text(before, a.id(), a.token());
                    // two tokens may have one text; the likelier comes first
                    if (!alternatives.has(other)) {
                        alternatives.put(other, plain(a.logprob()));
                    }
                });
                alternatives.put(token, plain(told.logprob()));
            }
        });
    }

    private void message(ObjectNode choice, Generated g, RequestPrompts.Made prompt) {
        ObjectNode message = choice.putObject("message");
        message.put("role", "assistant");
        message.put("content", g.completion());
        message.putNull("refusal");
        if (g.tokens().isEmpty()) {
            choice.putNull("logprobs");
            return;
        }
        ObjectNode logprobs = choice.putObject("logprobs");
        ArrayNode content = logprobs.putArray("content");
        each(g, prompt, (told, before, offset) -> {
            ObjectNode token = content.addObject();
            put(token, text(before, told.id(), told.token()), told.logprob());
            ArrayNode top = token.putArray("top_logprobs");
            told.top().forEach(a -> put(top.addObject(), text(before, a.id(), a.token()), a.logprob()));
        });
        logprobs.putNull("refusal");
    }

    private static void put(ObjectNode node, String token, float logprob) {
        node.put("token", token);
        node.put("logprob", plain(logprob));
        if (token.indexOf(REPLACEMENT) >= 0) {
            node.putNull("bytes");
            return;
        }
        ArrayNode bytes = node.putArray("bytes");
        for (byte b : token.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(b & 0xff);
        }
    }

    /** Somebody who is told the tokens of a completion. */
    private interface Reader {
        /**
         * @param before the token before it
         * @param offset where its text begins in the completion; unit: code points
         */
        void token(TokenLogprob told, int before, int offset);
    }

    /** The tokens of a completion's text; the end token and what is cut off with a stop string are not of it. */
    private void each(Generated g, RequestPrompts.Made prompt, Reader reader) {
        StreamDecoder decoder = tokenizer.streamDecoder();
        int before = prompt.lastToken();
        decoder.push(before);
        int length = g.completion().codePointCount(0, g.completion().length());
        int offset = 0;
        for (TokenLogprob told : g.tokens().orElse(List.of())) {
            if (offset >= length) {
                break;
            }
            reader.token(told, before, offset);
            String text = decoder.push(told.id());
            offset += text.codePointCount(0, text.length());
            before = told.id();
        }
    }

    /** A token's text as it stands behind another; its spelling where it has none. */
    private String text(int before, int id, String spelling) {
        String first = tokenizer.decode(new int[] {before}, 0, 1);
        String both = tokenizer.decode(new int[] {before, id}, 0, 2);
        String text = !first.isEmpty() && both.length() > first.length() && both.startsWith(first)
                ? both.substring(first.length())
                : tokenizer.decode(new int[] {id}, 0, 1);
        return text.isEmpty() ? spelling : text;
    }

    private static float plain(float logprob) {
        return Math.max(logprob, LEAST_LOGPROB);
    }
}
