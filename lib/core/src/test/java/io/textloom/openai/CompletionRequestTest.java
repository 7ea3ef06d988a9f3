package io.textloom.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.constrain.ConstraintOptions;
import io.textloom.generate.SamplingOptions;
import io.textloom.text.RejectCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionRequestTest {
    private static final SamplingOptions SETTINGS = SamplingOptions.greedy(40);

    @Test
    void whatABodyLeavesOutIsTheApisDefault() {
        CompletionRequest request = completion("{'prompt': 'Hi'}");
        assertThat(request.prompts()).containsExactly(new PromptInput.Text("Hi"));
        assertThat(request.sampling().temperature()).isEqualTo(1);
        assertThat(request.sampling().maxNewTokens()).isEqualTo(16);
        assertThat(request.sampling().logprobs()).isEqualTo(-1);
        assertThat(request.restOfContext()).isFalse();
        CompletionRequest chat = chat("{'messages': [{'role': 'user', 'content': 'Hi'}]}");
        assertThat(chat.sampling().maxNewTokens()).isEqualTo(40);
        assertThat(chat.restOfContext()).isTrue();
    }

    @Test
    void settingsThatWereGivenBeatTheApisDefaultsAndABodyBeatsBoth() {
        BatchOptions given = new BatchOptions(true, true);
        SamplingOptions left =
                parse(Endpoint.COMPLETIONS, "{'prompt': 'Hi'}", given).sampling();
        assertThat(left.temperature()).isZero();
        assertThat(left.maxNewTokens()).isEqualTo(40);
        SamplingOptions said = parse(Endpoint.COMPLETIONS, "{'prompt':'Hi','temperature':0.5,'max_tokens':3}", given)
                .sampling();
        assertThat(said.temperature()).isEqualTo(0.5);
        assertThat(said.maxNewTokens()).isEqualTo(3);
    }

    @Test
    void everyFieldBecomesItsOption() {
        SamplingOptions s = completion("{'model':'m','prompt':'Hi','max_tokens':9,'temperature':0.5,'top_p':0.25,'n':2,"
                        + "'best_of':3,'stop':['a','b'],'seed':-4,'logprobs':5,'presence_penalty':1.5,"
                        + "'frequency_penalty':-0.5,'logit_bias':{'7':-100,'8':2.5},'top_k':4,'min_p':0.125,"
                        + "'repetition_penalty':1.25,'min_tokens':2,'stop_token_ids':[3,4],'ignore_eos':false,"
                        + "'guided_regex':'[a-z]+','stream':false,'user':'u','metadata':{'a':'b'},'suffix':null}")
                .sampling();
        assertThat(s.maxNewTokens()).isEqualTo(9);
        assertThat(s.minNewTokens()).isEqualTo(2);
        assertThat(s.temperature()).isEqualTo(0.5);
        assertThat(s.topP()).isEqualTo(0.25);
        assertThat(s.topK()).isEqualTo(4);
        assertThat(s.minP()).isEqualTo(0.125);
        assertThat(s.samples()).isEqualTo(2);
        assertThat(s.bestOf()).isEqualTo(3);
        assertThat(s.stop()).containsExactly("a", "b");
        assertThat(s.stopTokens()).containsExactly(3, 4);
        assertThat(s.seed()).isEqualTo(-4);
        assertThat(s.logprobs()).isEqualTo(5);
        assertThat(s.penalties().presence()).isEqualTo(1.5);
        assertThat(s.penalties().frequency()).isEqualTo(-0.5);
        assertThat(s.penalties().repetition()).isEqualTo(1.25);
        assertThat(s.logitBias()).isEqualTo(Map.of(7, -100.0, 8, 2.5));
        assertThat(s.constraint()).isEqualTo(new ConstraintOptions(List.of(), "[a-z]+", ""));
    }

    @Test
    void promptsAreTextsOrTokenIdsOneOrSeveral() {
        assertThat(completion("{'prompt': ['a', 'b']}").prompts())
                .containsExactly(new PromptInput.Text("a"), new PromptInput.Text("b"));
        assertThat(completion("{'prompt': [5, 6]}").prompts()).containsExactly(new PromptInput.Tokens(List.of(5, 6)));
        assertThat(completion("{'prompt': [[5], [6, 7]]}").prompts())
                .containsExactly(new PromptInput.Tokens(List.of(5)), new PromptInput.Tokens(List.of(6, 7)));
    }

    @Test
    void messagesKnowTheApisRolesAndTextParts() {
        CompletionRequest request = chat("{'messages': [{'role':'developer','content':'Be brief.'},"
                + "{'role':'user','name':'Ann','content':[{'type':'text','text':'H'},{'type':'text','text':'i'}]},"
                + "{'role':'assistant','content':'Hello','refusal':null},"
                + "{'role':'tool','tool_call_id':'c','content':'4'}]}");
        assertThat(request.messages())
                .containsExactly(
                        Map.of("role", "system", "content", "Be brief."),
                        Map.of("role", "user", "content", "Hi", "name", "Ann"),
                        Map.of("role", "assistant", "content", "Hello"),
                        Map.of("role", "tool", "content", "4", "tool_call_id", "c"));
    }

    @Test
    void aResponseFormatIsAConstraint() {
        String messages = "{'messages':[{'role':'user','content':'Hi'}],'response_format':";
        assertThat(chat(messages + "{'type':'text'}}").sampling().constraint().isNone())
                .isTrue();
        assertThat(chat(messages + "{'type':'json_object'}}")
                        .sampling()
                        .constraint()
                        .jsonSchema())
                .isEqualTo("{\"type\":\"object\"}");
        assertThat(chat(messages + "{'type':'json_schema','json_schema':{'name':'x','schema':{'type':'null'}}}}")
                        .sampling()
                        .constraint()
                        .jsonSchema())
                .isEqualTo("{\"type\":\"null\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'prompt':1}|body.prompt is 1",
                "{'prompt':[]}|body.prompt is []",
                "{'prompt':[1,'a']}|body.prompt is [1,\"a\"]; expected a list of token ids",
                "{'prompt':null}|body.prompt is absent",
                "{'prompt':'a','max_tokens':0}|body.max_tokens is 0; expected an integer from 1",
                "{'prompt':'a','max_tokens':1.5}|body.max_tokens is 1.5",
                "{'prompt':'a','max_tokens':99999999999}|body.max_tokens is 99999999999",
                "{'prompt':'a','temperature':3}|body.temperature is 3; expected a number from 0 to 2",
                "{'prompt':'a','temperature':true}|body.temperature is true",
                "{'prompt':'a','top_p':1.1}|body.top_p is 1.1",
                "{'prompt':'a','n':0}|body.n is 0",
                "{'prompt':'a','n':3,'best_of':2}|body.best_of is 2; expected at least n, 3",
                "{'prompt':'a','stop':['']}|body.stop is an empty string",
                "{'prompt':'a','stop':5}|body.stop is 5",
                "{'prompt':'a','seed':1e40}|body.seed is 1.0E40",
                "{'prompt':'a','logprobs':6}|body.logprobs is 6; expected an integer from 0 to 5",
                "{'prompt':'a','logprobs':1,'echo':true}|body.echo is true beside logprobs",
                "{'prompt':'a','logit_bias':{'x':1}}|body.logit_bias is x: 1",
                "{'prompt':'a','logit_bias':{'5':101}}|body.logit_bias is 5: 101",
                "{'prompt':'a','suffix':'b'}|body.suffix is not supported",
                "{'prompt':'a','stream':true}|body.stream is not supported",
                "{'prompt':'a','ignore_eos':true}|body.ignore_eos is not supported",
                "{'prompt':'a','min_tokens':17}|body.min_tokens is 17",
                "{'prompt':'a','guided_regex':'a','guided_choice':['b']}|at most one of them",
                "{'prompt':'a','guided_grammar':'x'}|body.guided_grammar is not known",
                "{'prompt':'a','prompt':'b'}|body is no JSON",
                "[1]|body is [1]; expected an object",
                "{'prompt':'a'|body is no JSON",
            })
    void whatIsWrongIsNamed(String body, String message) {
        assertThatThrownBy(() -> completion(body))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        e -> assertThat(e.rejection().code()).isEqualTo(RejectCode.INVALID_REQUEST))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|body.messages is absent",
                "{'messages':[]}|body.messages is []",
                "{'messages':['a']}|body.messages[0] is \"a\"; expected an object",
                "{'messages':[{'content':'a'}]}|body.messages[0].role is absent",
                "{'messages':[{'role':'king','content':'a'}]}|body.messages[0].role is king",
                "{'messages':[{'role':'user'}]}|body.messages[0].content is absent",
                "{'messages':[{'role':'user','content':[{'type':'image_url'}]}]}|content[0].type is image_url",
                "{'messages':[{'role':'user','content':[{'type':'text','text':5}]}]}|content[0].text is 5",
                "{'messages':[{'role':'assistant','content':'a','tool_calls':[{}]}]}|tool_calls is not supported",
                "{'messages':[{'role':'user','content':'a'}],'tools':[{}]}|body.tools is not supported",
                "{'messages':[{'role':'user','content':'a'}],'tool_choice':'auto'}|body.tool_choice is not supported",
                "{'messages':[{'role':'user','content':'a'}],'top_logprobs':2}|body.top_logprobs is given without",
                "{'messages':[{'role':'user','content':'a'}],'logprobs':3}|body.logprobs is 3; expected true or false",
                "{'messages':[{'role':'user','content':'a'}],'response_format':{'type':'xml'}}|response_format.type is xml",
                "{'messages':[{'role':'user','content':'a'}],'response_format':{'type':'json_schema'}}|json_schema is absent",
                "{'messages':[{'role':'user','content':'a'}],'echo':true}|body.echo is not known",
            })
    void whatIsWrongInAChatIsNamed(String body, String message) {
        assertThatThrownBy(() -> chat(body))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining(message);
    }

    @Test
    void hostileBodiesAreErrors() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThatThrownBy(() -> completion("{'prompt':" + deep + "}")).isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> completion("{'prompt':'a','seed':" + "9".repeat(5000) + "}"))
                .isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> completion("{'prompt':'a','" + "x".repeat(100_000) + "':1}"))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    private static CompletionRequest completion(String body) {
        return parse(Endpoint.COMPLETIONS, body, BatchOptions.API);
    }

    private static CompletionRequest chat(String body) {
        return parse(Endpoint.CHAT, body, BatchOptions.API);
    }

    private static CompletionRequest parse(Endpoint endpoint, String body, BatchOptions given) {
        return CompletionRequest.parse(endpoint, body.replace('\'', '"'), SETTINGS, given);
    }
}
