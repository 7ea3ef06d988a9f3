package io.textloom.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.generate.FinishReason;
import io.textloom.generate.Generated;
import io.textloom.generate.SamplingOptions;
import io.textloom.generate.TokenLogprob;
import io.textloom.prompt.ChatTemplate;
import io.textloom.text.RejectCode;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Bodies and lines as the API's reference describes them; the expected ones are written by hand. */
class AnswerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Tokenizer TOKENIZER = Tokenizers.open(Path.of("../../models/storyteller"));
    private static final Answerer ANSWERER = Answerer.of("teller", "0123456789abcdef", 1700000000);
    private static final ChatTemplate TEMPLATE = new ChatTemplate(
            "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}", Map.of(), LocalDateTime.MIN);

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    @Test
    void aCompletionHasTheApisForm() throws IOException {
        String body = render("{'prompt':'The king','n':2}", List.of(generated(0, " slept.", 3), generated(1, "", 1)));
        assertThat(JSON.readTree(body)).isEqualTo(json("""
                        {'id':'ID','object':'text_completion','created':1700000000,'model':'teller',
                         'choices':[
                          {'index':0,'text':' slept.','logprobs':null,'finish_reason':'stop'},
                          {'index':1,'text':'','logprobs':null,'finish_reason':'stop'}],
                         'usage':{'prompt_tokens':2,'completion_tokens':4,'total_tokens':6},
                         'system_fingerprint':'fp_0123456789'}""", Answerer.id("cmpl-", "a")));
    }

    @Test
    void aChatHasTheApisForm() throws IOException {
        CompletionRequest request = request(Endpoint.CHAT, "{'messages':[{'role':'user','content':'Hi'}]}");
        List<RequestPrompts.Made> prompts = prompts(request, 512);
        assertThat(prompts.get(0).text()).isEqualTo("user: Hi\n");
        String body = new CompletionBody(TOKENIZER, ANSWERER)
                .render("a", request, prompts, List.of(generated(0, "\"Ha\" 😀", 3)));
        assertThat(JSON.readTree(body)).isEqualTo(json("""
                        {'id':'ID','object':'chat.completion','created':1700000000,'model':'teller',
                         'choices':[{'index':0,'message':{'role':'assistant','content':'\\\\'Ha\\\\' 😀','refusal':null},
                          'logprobs':null,'finish_reason':'stop'}],
                         'usage':{'prompt_tokens':2,'completion_tokens':3,'total_tokens':5},
                         'system_fingerprint':'fp_0123456789'}""", Answerer.id("chatcmpl-", "a")));
    }

    @Test
    void tokensAreToldWithTheirOffsetsAndWithoutWhatEndsTheText() throws IOException {
        int[] ids = TOKENIZER.encode(" slept well");
        List<TokenLogprob> told = new ArrayList<>();
        for (int id : ids) {
            told.add(new TokenLogprob(
                    id,
                    TOKENIZER.spelling().of(id),
                    -0.5f,
                    List.of(new TokenLogprob.Alternative(
                            id, TOKENIZER.spelling().of(id), -0.5f))));
        }
        told.add(new TokenLogprob(0, TOKENIZER.spelling().of(0), -1, List.of()));
        Generated g = new Generated(
                0, 0, 1, "", " slept well", 2, ids.length + 1, 0, FinishReason.STOP, -2, 0, Optional.of(told));
        JsonNode logprobs = JSON.readTree(render("{'prompt':'The king','logprobs':1}", List.of(g)))
                .at("/choices/0/logprobs");
        assertThat(logprobs.path("tokens")).hasSize(ids.length);
        assertThat(logprobs.path("token_logprobs")).hasSize(ids.length);
        assertThat(logprobs.path("top_logprobs")).hasSize(ids.length);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ids.length; i++) {
            assertThat(logprobs.path("text_offset").get(i).asInt()).isEqualTo(text.length());
            text.append(logprobs.path("tokens").get(i).asText());
        }
        assertThat(text).hasToString(" slept well");
    }

    @Test
    void promptsThatLeaveNoRoomAreRefusedUnlessTheyAskToBeCut() {
        CompletionRequest plain = request(Endpoint.COMPLETIONS, "{'prompt':[5,6,7,8],'max_tokens':2}");
        assertThatThrownBy(() -> prompts(plain, 5))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        e -> assertThat(e.rejection().code()).isEqualTo(RejectCode.TOO_LONG))
                .hasMessageContaining("4 tokens and its completion up to 2; expected at most 5 together");
        CompletionRequest cut =
                request(Endpoint.COMPLETIONS, "{'prompt':[5,6,7,8],'max_tokens':2,'truncate_prompt_tokens':3}");
        assertThat(prompts(cut, 5).get(0).lastToken()).isEqualTo(8);
        CompletionRequest chat = request(Endpoint.CHAT, "{'messages':[{'role':'user','content':'Hi'}]}");
        int length = TOKENIZER.encode("user: Hi\n").length;
        assertThat(prompts(chat, length + 4).get(0).sampling().maxNewTokens()).isEqualTo(4);
        assertThatThrownBy(() -> prompts(chat, length)).isInstanceOf(RequestException.class);
        CompletionRequest foreign = request(Endpoint.COMPLETIONS, "{'prompt':[999999]}");
        assertThatThrownBy(() -> prompts(foreign, 512)).hasMessageContaining("token 999999");
    }

    @Test
    void textsThatSpellASpecialTokenAreRefusedWhereTheyMayNot() {
        RequestPrompts prompts = new RequestPrompts(TOKENIZER, TEMPLATE, List.of("<|im_end|>"), 512);
        for (CompletionRequest request : List.of(
                request(Endpoint.COMPLETIONS, "{'prompt':['fine','not <|im_end|>']}"),
                request(Endpoint.CHAT, "{'messages':[{'role':'user','content':'<|im_end|>'}]}"),
                request(Endpoint.CHAT, "{'messages':[{'role':'user','name':'<|im_end|>','content':'Hi'}]}"))) {
            assertThatThrownBy(() -> prompts.of(request))
                    .isInstanceOfSatisfying(
                            RequestException.class,
                            e -> assertThat(e.rejection().code()).isEqualTo(RejectCode.SPECIAL_TOKEN));
        }
        assertThat(prompts.of(request(Endpoint.COMPLETIONS, "{'prompt':'fine'}")))
                .hasSize(1);
    }

    @Test
    void embeddingsHaveTheApisForm() throws IOException {
        List<float[]> vectors = List.of(new float[] {0.6f, 0.8f, 0}, new float[] {0, 0, 1});
        EmbeddingRequest plain = EmbeddingRequest.parse("{\"input\":[\"a\",\"b\"],\"model\":\"m\"}");
        assertThat(JSON.readTree(EmbeddingBody.render(plain, ANSWERER, vectors, 6)))
                .isEqualTo(json("""
                        {'object':'list','data':[
                          {'object':'embedding','index':0,'embedding':[0.6,0.8,0.0]},
                          {'object':'embedding','index':1,'embedding':[0.0,0.0,1.0]}],
                         'model':'teller','usage':{'prompt_tokens':6,'total_tokens':6}}""", ""));
        EmbeddingRequest cut =
                EmbeddingRequest.parse("{\"input\":[\"a\",\"b\"],\"dimensions\":1,\"encoding_format\":\"base64\"}");
        JsonNode data =
                JSON.readTree(EmbeddingBody.render(cut, ANSWERER, vectors, 6)).path("data");
        assertThat(data.get(0).path("embedding").asText()).isEqualTo("AACAPw=="); // 1.0f
        assertThat(data.get(1).path("embedding").asText()).isEqualTo("AAAAAA=="); // no length to scale to
        assertThatThrownBy(() -> EmbeddingRequest.parse("{\"input\":[[1,2]]}"))
                .hasMessageContaining("body.input is [[1,2]]");
        assertThatThrownBy(() -> EmbeddingRequest.parse("{\"input\":\" \"}")).hasMessageContaining("body.input");
        assertThatThrownBy(() -> EmbeddingRequest.parse("{\"input\":\"a\",\"encoding_format\":\"hex\"}"))
                .hasMessageContaining("body.encoding_format is hex; expected float or base64");
    }

    @Test
    void linesAreTheApis() throws IOException {
        assertThat(JSON.readTree(OutputLine.answered("a \"b\"", "{\"x\":[1.0]}")))
                .isEqualTo(json("""
                        {'id':'batch_req_ID','custom_id':'a \\\\'b\\\\'',
                         'response':{'status_code':200,'request_id':'req_ID','body':{'x':[1.0]}},'error':null}""", Answerer.id("", "a \"b\"")));
        assertThat(JSON.readTree(OutputLine.failed("a", RejectCode.INVALID_REQUEST, "body.n is 0")))
                .isEqualTo(json("""
                        {'id':'batch_req_ID','custom_id':'a','response':null,
                         'error':{'code':'invalid_request_error','message':'body.n is 0'}}""", Answerer.id("", "a")));
        assertThat(JSON.readTree(OutputLine.failed("made up", RejectCode.MISSING_ID, "m"))
                        .path("custom_id")
                        .isNull())
                .isTrue();
        for (RejectCode code : RejectCode.values()) {
            assertThat(OutputLine.failed("a", code, "m")).doesNotContain("\n");
        }
    }

    private static Generated generated(int sample, String text, int tokens) {
        return new Generated(0, sample, 1, "", text, 2, tokens, 0, FinishReason.STOP, -1, 0, Optional.empty());
    }

    private static String render(String body, List<Generated> completions) {
        CompletionRequest request = request(Endpoint.COMPLETIONS, body);
        return new CompletionBody(TOKENIZER, ANSWERER).render("a", request, prompts(request, 512), completions);
    }

    private static CompletionRequest request(Endpoint endpoint, String body) {
        return CompletionRequest.parse(endpoint, body.replace('\'', '"'), SamplingOptions.greedy(40), BatchOptions.API);
    }

    private static List<RequestPrompts.Made> prompts(CompletionRequest request, int positions) {
        return new RequestPrompts(TOKENIZER, TEMPLATE, List.of(), positions).of(request);
    }

    private static JsonNode json(String text, String id) throws IOException {
        return JSON.readTree(text.replace("\\\\'", "\\\"").replace('\'', '"').replace("ID", id));
    }
}
