"""Chat templates in the manner of those that models come with, rendered by transformers, and pieces of Jinja by jinja2.

    "$(scripts/python-env)" lib/core/src/test/golden/chat_goldens.py

Written to ../resources/golden/chat:
  templates.json    name → template; the text of every template is our own
  expected.jsonl    one object per rendering: template, conversation, variables, and text or error (what was raised)
  features.jsonl    one object per piece of Jinja: template, variables, and text or error; the environment is the one that
                    transformers makes for chat templates
  folder/           a byte-level tokenizer of 256 bytes with added special tokens, and a chat template in
                    tokenizer_config.json; folder/expected.jsonl has messages, text and ids of apply_chat_template
  metadata.json     versions; the clock that strftime_now reads

Expectation: equal character for character; errors need only be errors, of the message where the template raised it.
Needs no network; two runs write the same bytes.
"""

import datetime as real_datetime
import json
import os
import shutil
from importlib.metadata import version
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import jinja2
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
from transformers.utils import chat_template_utils

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden" / "chat"
NOW = real_datetime.datetime(2026, 3, 5, 9, 7, 3)

TEMPLATES = {
    "chatml": """{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""",
    "chatml-default-system": """{%- if messages[0].role != 'system' -%}
    {{- '<|im_start|>system\\nYou answer briefly.<|im_end|>\\n' -}}
{%- endif -%}
{% for m in messages %}
    {{- '<|im_start|>' ~ m.role ~ '\\n' }}
    {%- if m.role == 'assistant' %}
        {%- generation %}{{ m.content | trim }}{{ '<|im_end|>' }}{%- endgeneration %}
    {%- else %}
        {{- m.content | trim ~ '<|im_end|>' }}
    {%- endif %}
    {{- '\\n' }}
{% endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{%- endif %}
""",
    "llama2": """{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{% set preface = messages[0]['content'] %}{% else %}{% set rest = messages %}{% set preface = false %}{% endif %}{% for m in rest %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles have to take turns: user, assistant, user, …') }}{% endif %}{% if loop.first and preface is not sameas false %}{% set body = '<<SYS>>\\n' + preface + '\\n<</SYS>>\\n\\n' + m['content'] %}{% else %}{% set body = m['content'] %}{% endif %}{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + body.strip() + ' [/INST]' }}{% elif m['role'] == 'assistant' %}{{ ' ' + body.strip() + ' ' + eos_token }}{% endif %}{% endfor %}""",
    "llama3": """{{- bos_token }}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "01 Jan 2025" %}
    {%- endif %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}

{#- The first message may be the system's; its text goes into a block of its own. #}
{%- if messages and messages[0]['role'] == 'system' %}
    {%- set system_text = messages[0]['content'] | trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_text = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}
    {{- "Environment: tools\\n" }}
{%- endif %}
{{- "Date of today: " + date_string + "\\n\\n" }}
{%- if tools is not none %}
    {{- "These functions can be called; answer with JSON of the form " }}
    {{- '{"name": the function, "parameters": names and values}.' + "\\n\\n" }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- system_text }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls | length == 1 %}
            {{- raise_exception("One call at a time is all this template writes.") }}
        {%- endif %}
        {%- set call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}
        {{- '{"name": "' + call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- call.arguments | tojson }}
        {{- "}" }}
        {{- "<|eot_id|>" }}
    {%- elif message.role == "tool" %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\\n\\n" }}
        {%- if message.content is mapping or message.content is iterable and message.content is not string %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
""",
    "mistral": """{%- if messages and messages[0]["role"] == "system" %}
    {%- set preface = messages[0]["content"] %}
    {%- set turns = messages[1:] %}
{%- else %}
    {%- set turns = messages %}
{%- endif %}
{%- set users = turns | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace() %}
{%- set ns.index = 0 %}
{%- for message in turns %}
    {%- if not (message.role == "tool" or message.tool_calls is defined and message.tool_calls is not none) %}
        {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
            {{- raise_exception("Turns of user and assistant have to alternate") }}
        {%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}
{{- bos_token }}
{%- for message in turns %}
    {%- if message["role"] == "user" %}
        {%- if tools is defined and tools is not none and message == users[-1] %}
            {{- "[AVAILABLE_TOOLS] [" }}
            {%- for tool in tools %}
                {%- set f = tool.function %}
                {{- '{"type": "function", "function": {' }}
                {%- for key, value in f.items() if key != "return" %}
                    {%- if value is string %}
                        {{- '"' + key + '": "' + value + '"' }}
                    {%- else %}
                        {{- '"' + key + '": ' + value|tojson }}
                    {%- endif %}
                    {%- if not loop.last %}
                        {{- ", " }}
                    {%- endif %}
                {%- endfor %}
                {{- "}}" }}
                {%- if not loop.last %}
                    {{- ", " }}
                {%- else %}
                    {{- "]" }}
                {%- endif %}
            {%- endfor %}
            {{- "[/AVAILABLE_TOOLS]" }}
        {%- endif %}
        {%- if loop.last and preface is defined %}
            {{- "[INST] " + preface + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message.tool_calls is defined and message.tool_calls is not none %}
        {{- "[TOOL_CALLS] [" }}
        {%- for call in message.tool_calls %}
            {%- set out = call.function|tojson %}
            {{- out[:-1] }}
            {%- if not call.id is defined or call.id|length != 9 %}
                {{- raise_exception("A call's id has nine characters") }}
            {%- endif %}
            {{- ', "id": "' + call.id + '"}' }}
            {{- ", " if not loop.last else "]" + eos_token }}
        {%- endfor %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token }}
    {%- elif message["role"] == "tool" %}
        {{- '[TOOL_RESULTS] {"content": ' + message.content|string + "}[/TOOL_RESULTS]" }}
    {%- else %}
        {{- raise_exception("Roles are user, assistant, tool, and system at the beginning; found " + message["role"]) }}
    {%- endif %}
{%- endfor %}
""",
    "qwen": """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}
        {{- messages[0].content + '\\n\\n' }}
    {%- endif %}
    {{- "# Functions\\n\\nTheir signatures stand in <tools></tools>:\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools>\\n\\nA call looks so:\\n<tool_call>\\n{\\"name\\": <name>, \\"arguments\\": <object>}\\n</tool_call><|im_end|>\\n" }}
{%- elif messages[0].role == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- set ns = namespace(multi_step=true, last_query=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step and message.role == "user" and message.content is string and not (message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step = false %}
        {%- set ns.last_query = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set thought = '' %}
        {%- if message.reasoning_content is string %}
            {%- set thought = message.reasoning_content %}
        {%- elif '</think>' in content %}
            {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query and (loop.last or thought) %}
            {{- '<|im_start|>' + message.role + '\\n<think>\\n' + thought.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {%- for call in message.tool_calls or [] %}
            {%- if (loop.first and content) or (not loop.first) %}{{- '\\n' }}{%- endif %}
            {%- if call.function %}{%- set call = call.function %}{%- endif %}
            {{- '<tool_call>\\n{"name": "' }}
            {{- call.name }}
            {{- '", "arguments": ' }}
            {%- if call.arguments is string %}
                {{- call.arguments }}
            {%- else %}
                {{- call.arguments | tojson }}
            {%- endif %}
            {{- '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\\n<tool_response>\\n' }}
        {{- content }}
        {{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}
""",
    "gemma": """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}
        {%- set prefix = messages[0]['content'] + '

' -%}
    {%- else -%}
        {%- set prefix = messages[0]['content'][0]['text'] + '

' -%}
    {%- endif -%}
    {%- set turns = messages[1:] -%}
{%- else -%}
    {%- set prefix = "" -%}
    {%- set turns = messages -%}
{%- endif -%}
{%- for message in turns -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Turns alternate between user and model") }}
    {%- endif -%}
    {%- set role = "model" if message['role'] == 'assistant' else message['role'] -%}
    {{ '<start_of_turn>' + role + '
' + (prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {%- if item['type'] == 'image' -%}
                {{ '<start_of_image>' }}
            {%- elif item['type'] == 'text' -%}
                {{ item['text'] | trim }}
            {%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("Content of an unknown kind") }}
    {%- endif -%}
    {{ '<end_of_turn>
' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model
'}}
{%- endif -%}
""",
    "phi": """{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>
' + message['content'] + '<|end|>
'}}{% elif message['role'] == 'user' %}{{'<|user|>
' + message['content'] + '<|end|>
'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>
' + message['content'] + '<|end|>
'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>
' }}{% else %}{{ eos_token }}{% endif %}""",
    "zephyr": """{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>\\n'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}""",
    "command": """{{ bos_token }}
{%- macro kind(spec) -%}
    {%- if spec.type == "string" -%}str
    {%- elif spec.type == "integer" -%}int
    {%- elif spec.type == "array" -%}List[{{ kind(spec["items"]) }}]
    {%- else -%}{{ spec.type | default("Any", true) | capitalize }}
    {%- endif -%}
{%- endmacro -%}
{%- macro turn(role, text="", close=true) -%}
<|START_OF_TURN_TOKEN|><|{{ role | upper }}_TOKEN|>{{ text }}{% if close %}<|END_OF_TURN_TOKEN|>{% endif %}
{%- endmacro -%}
{%- if messages[0]['role'] == 'system' -%}
    {%- set rest = messages[1:] -%}
    {%- set preface = messages[0]['content'] -%}
{%- else -%}
    {%- set rest = messages -%}
    {%- set preface = 'A careful assistant.' -%}
{%- endif -%}
{{ turn('system', preface) }}
{%- for tool in tools or [] %}
{{ '\\n\\n```python\\ndef ' }}{{ tool.function.name }}(
{%- for name, spec in (tool.function.parameters.properties | default({})).items() %}
{{- name }}: {{ kind(spec) }}{{ '' if name in tool.function.parameters.required else ' = None' }}{{ ", " if not loop.last }}
{%- endfor -%}
) -> {{ kind(tool.function.return) if tool.function.return else 'List[Dict]' }}:
    \\"\\"\\"{{ tool.function.description }}\\"\\"\\"
```
{%- endfor %}
{%- for m in rest -%}
    {%- set role = {'user': 'user', 'assistant': 'chatbot'}.get(m.role, 'system') -%}
    {{ turn(role=role, text=m.content | trim) }}
{%- endfor -%}
{{ turn('chatbot', close=false) if add_generation_prompt }}""",
    "deepseek": """{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(is_first=false, is_tool=false, is_output_first=true, system='') %}{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system = ns.system + ('\\n\\n' if ns.system else '') + message['content'] %}{%- endif %}{%- endfor %}{{ bos_token }}{{ ns.system }}{%- for message in messages %}{%- if message['role'] == 'user' %}{%- set ns.is_tool = false -%}{{'<｜User｜>' + message['content']}}{%- endif %}{%- if message['role'] == 'assistant' and 'tool_calls' in message %}{%- set ns.is_tool = false -%}{%- for tool in message['tool_calls'] %}{%- if not ns.is_first %}{{'<｜Assistant｜><｜calls｜>' + tool['type'] + '<｜sep｜>' + tool['function']['name'] + '\\n' + '```json' + '\\n' + tool['function']['arguments']|tojson + '\\n' + '```'}}{%- set ns.is_first = true -%}{%- else %}{{'\\n' + tool['function']['name']}}{%- endif %}{%- endfor %}{{'<｜end｜>'}}{%- endif %}{%- if message['role'] == 'assistant' and 'tool_calls' not in message %}{% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{'<｜Assistant｜>' + content + eos_token}}{%- endif %}{%- if message['role'] == 'tool' %}{%- set ns.is_tool = true -%}{%- if ns.is_output_first %}{{'<｜outputs｜>' + message['content']}}{%- set ns.is_output_first = false %}{%- else %}{{'\\n<｜output｜>' + message['content']}}{%- endif %}{%- endif %}{%- endfor -%}{% if ns.is_tool %}{{'<｜outputs end｜>'}}{% endif %}{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜>'}}{% endif %}""",
    "granite": """{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content'] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set system_message = "Knowledge ends in " ~ "April " ~ 2024 ~ ".\\nToday is " + strftime_now('%B %d, %Y') + "." %}
    {%- if documents %}
        {%- set system_message = system_message + " Facts come from the documents alone." %}
    {%- endif %}
    {%- set loop_messages = messages %}
{%- endif %}
{{- '<|start_of_role|>system<|end_of_role|>' + system_message + '<|end_of_text|>
' }}
{%- for d in documents or [] %}
    {{- '<|start_of_role|>document ' + {"document_id": loop.index, "title": d['title']} | tojson + '<|end_of_role|>
' + d['text'] + '<|end_of_text|>
' }}
{%- endfor %}
{%- for message in loop_messages %}
    {{- '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + message['content'] + '<|end_of_text|>
' }}
    {%- if loop.last and add_generation_prompt %}
        {{- '<|start_of_role|>assistant' }}
            {%- if controls %}{{- ' ' + controls | tojson() }}{%- endif %}
        {{- '<|end_of_role|>' }}
    {%- endif %}
{%- endfor %}
""",
    "harmony": """{%- macro block(message) %}
    {%- if message.content is string %}
{{- message.content }}
    {%- elif message.content is sequence %}
        {%- for part in message.content | selectattr('type', 'equalto', 'text') %}
{{- part.text }}
            {%- if not loop.last %}{{ '\\n' }}{% endif %}
        {%- endfor %}
    {%- endif %}
{%- endmacro %}
{%- set roles = messages | map(attribute='role') | unique | list %}
<|start|>system<|message|>Roles: {{ roles | join(', ') }}
Effort: {{ effort | default('medium') }}
Channels: {{ ['analysis', 'final'] | sort(reverse=true) | join('/') }}<|end|>
{%- for message in messages %}
  {%- if message.thinking is defined and message.role == 'assistant' and not loop.last %}
<|start|>assistant<|channel|>analysis<|message|>{{ message.thinking }}<|end|>
  {%- endif %}
  {%- if loop.previtem is defined and loop.previtem.role == message.role %}
{{- '<|again|>' }}
  {%- endif %}
<|start|>{{ message.role if message.role in ['user', 'assistant'] else 'developer' }}
  {%- if loop.nextitem is undefined %}<|last|>{% endif -%}
<|message|>{{ block(message) }}<|end|>
{%- else %}
nobody spoke
{%- endfor %}
{%- if add_generation_prompt %}<|start|>assistant{% endif %}
""",
    "vicuna": """{%- set seps = [' ', eos_token] -%}
{%- if messages[0].role == 'system' -%}{{ messages[0].content }}{{ seps[0] }}{%- endif -%}
{%- for m in messages if m.role != 'system' -%}
{{ {'user': 'USER', 'assistant': 'ASSISTANT'}[m.role] }}: {{ m.content }}{{ seps[loop.index0 % 2] }}
{%- endfor -%}
{%- if add_generation_prompt %}ASSISTANT:{% endif -%}
""",
    "controls": """{% macro wrap(tag, times=2) -%}
<{{ tag }}>{% for i in range(times) %}{{ caller(i) }}{% endfor %}</{{ tag }}>
{%- endmacro -%}
{% for m in messages -%}
  {% if m.role == 'system' %}{% continue %}{% endif -%}
  {% if loop.index > 3 %}{% break %}{% endif -%}
  [{{ loop.index }}/{{ loop.length }} {{ loop.revindex0 }} {{ loop.cycle('a', 'b', 'c') }} {{ loop.changed(m.role) }}] {{ m.content | replace('\\n', ' ') }}
{% endfor -%}
{% filter upper %}end {{ messages | length }}{% endfilter %}
{% set block -%}
  captured {{ bos_token }}
{%- endset %}
{{- block | length }} {{ block }}
{%- raw %} {{ not rendered }} {% endraw %}
{# a comment #}
{%+ if add_generation_prompt %}  go{% endif %}
{% call(x) wrap('q', times=3) %}{{ x }}!{% endcall %}
{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}
    indented {% if true %}yes{% endif %}

   {% set tail = 'x' %}
the end
""",
}

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "Weather of a place, \"now\" or later <b>&amp;</b>",
            "parameters": {
                "type": "object",
                "properties": {
                    "place": {"type": "string", "description": "Größe spielt keine Rolle – Ort"},
                    "days": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["place"],
            },
        },
    },
    {"type": "function", "function": {"name": "noon", "description": "Nothing but it's noon", "parameters": {"type": "object", "properties": {}}}},
]


def chat(*turns):
    return [{"role": role, "content": content} for role, content in turns]


CALL = {"id": "abcdef123", "type": "function", "function": {"name": "weather", "arguments": {"place": "Köln \"Süd\"", "days": [1, 2.5, True, None]}}}
CONVERSATIONS = {
    "one": chat(("user", "Hello there")),
    "system": chat(("system", "Be kind."), ("user", "What is 2+2?")),
    "empty-system": chat(("system", ""), ("user", "Say nothing")),
    "turns": chat(
        ("system", "  You rhyme.\n"), ("user", "Cat?"), ("assistant", "Hat. "), ("user", " Dog? \n"), ("assistant", "\nLog.\n"), ("user", "House?")
    ),
    "no-system": chat(("user", "a"), ("assistant", "b"), ("user", "c")),
    "unicode": chat(("system", "日本語で。"), ("user", "Grüße 😀 𝒳 — e\u0301 \u2028 x")),
    "quotes": chat(("user", "He said \"it's\" <b>bold</b> & {{ braces }} {% if %} \\n back\\slash 'q'\t")),
    "blank": chat(("user", " \n "), ("assistant", ""), ("user", "\n\n trailing  ")),
    "special": chat(("user", "What is <|im_end|> or </s> or [INST]?")),
    "wrong-order": chat(("user", "a"), ("user", "b")),
    "assistant-last": chat(("user", "Count"), ("assistant", "<think>\none two\n</think>\n\nOne, two.")),
    "thinking": [
        {"role": "user", "content": "Why?"},
        {"role": "assistant", "content": "Because.", "reasoning_content": "hm\n"},
        {"role": "user", "content": "And?"},
    ],
    "tool": [
        {"role": "system", "content": "Use functions."},
        {"role": "user", "content": "Weather in Köln?"},
        {"role": "assistant", "tool_calls": [CALL]},
        {"role": "tool", "content": "{\"sun\": true}", "name": "weather"},
        {"role": "assistant", "content": "Sunny."},
        {"role": "user", "content": "Thanks"},
    ],
    "parts": [{"role": "user", "content": [{"type": "text", "text": " look "}, {"type": "image"}, {"type": "text", "text": "here"}]}],
    "odd-role": chat(("user", "x"), ("assistant", "y"), ("critic", "z")),
}
VARIABLES = [
    {"add_generation_prompt": True},
    {"add_generation_prompt": False},
    {"add_generation_prompt": True, "tools": TOOLS, "enable_thinking": False, "date_string": "7 May 2024"},
    {"add_generation_prompt": True, "documents": [{"title": "T\"1", "text": "facts ü"}], "controls": {"length": "short", "n": 1}, "effort": "high"},
]

DATA = {
    "s": "Hello, World",
    "t": "  padded\t\n",
    "u": "Größe ß İ 😀x",
    "n": 7,
    "neg": -7,
    "f": 2.5,
    "big": 123456789012345678901234567890,
    "yes": True,
    "no": False,
    "nil": None,
    "xs": [3, 1, 2],
    "words": ["pear", "Apple", "fig", "apple"],
    "d": {"b": 1, "a": "two", "c": [1, None, True, 1.5, "q'\"x"]},
    "rows": [
        {"name": "x", "age": 3, "tags": ["p"], "ok": True},
        {"name": "y", "age": 1, "tags": [], "ok": False},
        {"name": "z", "age": 3, "tags": ["p", "q"]},
    ],
    "empty": [],
    "lines": "one\ntwo\r\n\nthree\n",
    "html": "<a href=\"x\">&'</a>",
}
EXPRESSIONS = """
s ~ n ~ f ~ nil ~ yes ~ xs ~ d
[s, 1, 2.0, none, true, ['x', "it's", 'q"\\''], {'k': 'v'}, ('a',), (1, 2)]
'tab\\t nl\\n \\u00e4 \\x41 \\\\ \\' \\q' ~ ['tab\\t nl\\n \\u00e4 \\x01 \\\\ 😀 \\u200b']
1 + 2 * 3 - 4 / 2
7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3, 2 ** 10, 2 ** -1, -2 ** 2
7.5 // 2, -7.5 % 2, 1e3, 1.0, 0.1 + 0.2, 1e16, 1e15, 1e-5, 0.0001, 123456.789, 100 / 3, 1_000
big + 1, big * 2, n / 2, 10 ** 20, 9223372036854775807 + 1
n == 7.0, true == 1, 'a' < 'b', [1, 2] < [1, 3], 1 < 2 < 3, 3 > 2 > 2, (1, 2) == (1, 2), [1] == (1,), none == false, {'a': 1} == {'a': 1.0}
not yes, yes and no, no or 'x', '' or 'y', yes and 's', nil or empty or 0, not empty, not nil and yes
'a' in s, 'World' in s, 3 in xs, 'b' in d, 4 not in xs, 'a' not in 'b', nil in d.c
s[0], s[-1], s[1:4], s[::-1], s[-5:], s[:-7], s[::2], s[10:100], s[5:2]
xs[0], xs[-1], xs[1:], xs[:-1], xs[::-1], xs[:1] + xs[2:], (1,2,3)[1:]
u[1:4], u[-2], u | length, u[-2:], u | upper, u | lower, u | capitalize, u[::-1]
d.b, d['a'], d.c[0], d.get('x'), d.get('x', 9), d['zz'], d.zz is defined, d.items() | list, d.keys() | list, d.values() | list
s.upper(), s.lower(), s.title(), s.swapcase(), s.strip('Hd'), t.strip(), t.lstrip(), t.rstrip(), s.capitalize()
s.split(', '), s.split(), 'a  b c '.split(), 'a,b,c'.split(',', 1), 'a,b,c'.rsplit(',', 1), 'a,,b'.split(','), ''.split(), ''.split(','), lines.splitlines(), s.partition(', '), s.rpartition('o'), 'x'.partition('-')
s.startswith('He'), s.endswith(('x', 'ld')), s.find('o'), s.rfind('o'), s.index('W'), s.count('l'), s.replace('l', 'L'), s.replace('l', 'L', 1), ', '.join(words), s.find('zz'), s.startswith('W', 7)
'a1'.isdigit(), '12'.isdigit(), 'ab'.isalpha(), 'a1'.isalnum(), ' '.isspace(), 'AB'.isupper(), 'ab'.islower(), ''.isdigit(), '12'.isnumeric()
'x'.center(5) ~ '|', 'x'.ljust(3, '.') ~ '|', 'x'.rjust(3), '7'.zfill(3), '-7'.zfill(4), 'abc'.removeprefix('a'), 'abc'.removesuffix('c')
'%s is %d and %.2f %5s|%-5s|%05d %x %%' % (s, n, f, 'a', 'b', 42, 255)
'%s' % n, 'only %s' % 'one', '%(a)s' % d
'{} and {}'.format(s, n), '{0}-{1}-{0}'.format('a', 'b'), '{x:.2f} {y:>5}|{z:05d}'.format(x=1.239, y='r', z=42), '{:,}'.format(1234567), '{{}}'.format()
xs | sort, words | sort, words | sort(case_sensitive=true), words | sort(reverse=true), rows | sort(attribute='age') | map(attribute='name') | list, rows | sort(attribute='age,name', reverse=true) | map(attribute='name') | join
xs | first, xs | last, xs | length, xs | count, xs | sum, xs | min, xs | max, rows | sum(attribute='age'), words | min, empty | first is defined, xs | reverse | list, s | reverse
words | join('-'), words | join, rows | join(',', attribute='name'), xs | join('+'), xs | list, s | list | length, 'abc' | list
words | map('upper') | list, words | map('length') | list, rows | map(attribute='tags') | map('join', '/') | list, rows | map(attribute='nope', default='?') | list, rows | map(attribute='tags.0', default='-') | list
rows | selectattr('ok') | map(attribute='name') | list, rows | rejectattr('ok') | map(attribute='name') | list, rows | selectattr('ok', 'defined') | list | length, rows | selectattr('age', 'gt', 2) | map(attribute='name') | list, rows | rejectattr('name', 'in', ['x', 'z']) | list | length
xs | select('odd') | list, xs | reject('odd') | list, xs | select('>', 1) | list, [0, 1, '', none] | select | list, words | reject('equalto', 'fig') | list, xs | select('divisibleby', 3) | list
words | unique | list, words | unique(case_sensitive=true) | list, xs | batch(2) | list, xs | batch(2, 'x') | list, xs | slice(2) | list
rows | groupby('age') | list | length, d | dictsort, d | items | list, (rows | groupby('age'))[0].grouper, (rows | groupby('age'))[0].list | length
s | upper, s | lower, s | title, s | capitalize, s | trim, t | trim | length, 'xxaxx' | trim('x'), s | replace('o', '0'), s | replace('o', '0', 1), 'hello wORLD-foo bar' | title
s | truncate(5), s | truncate(8, true), s | truncate(8, true, ''), s | truncate(11), s | wordcount, lines | indent, lines | indent(2, true), lines | indent(2, blank=true), s | center(20), 'x' | indent('>>', true)
nil | default('x'), zz | default('x'), '' | default('x'), '' | default('x', true), zz | default, nil | default('y', boolean=true), zz | d('q'), d.zz | default(3)
'42' | int, 'x' | int, 'x' | int(-1), 3.9 | int, '3.7' | int, '0x1f' | int(0, 16), true | int, nil | int, '2.5' | float, 'x' | float, 3 | float, ' 12 ' | int
3.14159 | round(2), 2.5 | round, 3.5 | round, 2.567 | round(1, 'floor'), 2.1 | round(0, 'ceil'), -3 | abs, 42.55 | round | int, 7 | round
n | string, nil | string, yes | string, xs | string, f | string, s | string | length
d | tojson, xs | tojson, nil | tojson, yes | tojson, f | tojson, u | tojson, html | tojson, 'q"\\n\\t\\\\/\\u0001\\u007f' | tojson, 1e16 | tojson, 2.0 | tojson, big | tojson, {} | tojson, [] | tojson, (1, 2) | tojson
d | tojson(indent=2), [] | tojson(indent=2), {'a': {}, 'b': []} | tojson(indent=1), d | tojson(sort_keys=true), d | tojson(separators=(',', ':')), u | tojson(ensure_ascii=true), {1: 2, none: 3, true: 4} | tojson, xs | tojson(indent=0)
html | forceescape | string | length, html | length
zz is defined, s is defined, zz is undefined, nil is none, s is string, n is number, f is float, n is integer, yes is boolean, yes is true, no is false, yes is integer, true is number
d is mapping, xs is iterable, s is iterable, xs is sequence, d is sequence, n is iterable, s is sequence, nil is none, range is callable, (1,) is sequence, d.items() is mapping
n is odd, 8 is even, 9 is divisibleby(3), 9 is divisibleby 3, n is eq(7), n is gt 3, n is le 7, n is ne 8, n is in [7], 'abc' is lower, 'ABC' is upper, n is sameas 7, n is not odd, n is not none and yes, 'upper' is filter, 'odd' is test
range(3) | list, range(1, 4) | list, range(10, 0, -3) | list, range(3), range(0) | length, 2 in range(3), range(5)[1], range(5)[-1]
dict(a=1, b='x'), dict(d, z=1).z, namespace(a=1).a, [1, 2] + [3], [0] * 3, 'ab' * 2, (1,) + (2,), [[1], [2]] | sum(start=[]), 3 * 'x'
'a' if yes else 'b', 'a' if no, ('a' if no) is defined, 1 if nil else 2 if no else 3
true, false, none, True, False, None, 1.5e3, 'a' 'b', 0xff, 0b11, 0o17, (), [], {}, (1,), ((1)), 5 - -3, +3
'é' == 'e\\u0301', s | length > 3 and n, n * 2 ** 2, (n + 1) * 2, -n | abs, 'x' ~ (1 + 2), 1 ~ 2 * 3, not n == 7, (2 + 3) ~ 'z', s.split(', ')[1][0:2] | upper, -xs[0], n - 1
xs.index(2), xs.count(1), d.copy() == d, xs.copy(), words | map('first') | list, words | map('replace', 'p', 'b') | list, 'x' in ('x', 'y')
s | attr('nope') is defined, d | attr('b') is defined, 'abc' | first, 'abc' | last, '' | first is defined, [1, [2, 3]] | tojson, d | list, d | length, d | join('|'), d | first
'%.3f' | format(2.0), '%s-%s' | format('a', 'b')
'1' + '2', 'a' < 'B', 'abc' is in 'xabcx', s is not defined or n, 'x' is string and not no, none is none, (yes, no) | select | list, [yes, n] | map('string') | list
loop is defined, caller is defined, varargs is defined, joiner is defined, cycler is defined
lines | string | replace('\\n', '|'), lines.split('\\n'), 'aXbXc'.split('X', 1)[1], 'a\\tb\\u00a0c'.split(), '\\u2028'.strip() == '', 'ÀÉ'.lower(), 'ŉ'.upper(), 'ſ'.upper(), 'ΑΣ'.lower()
'x'.isidentifier(), 'a b'.istitle(), 'Ab Cd'.istitle(), 'abc'.casefold(), 'a-b_c'.replace('-', '').replace('_', '')
strftime_now('%Y-%m-%d %H:%M:%S %j %a %A %b %B %d %-d %e %I %p %y %% %u %w %U %F %T %D %c'), strftime_now('%d %b %Y')
""".strip().splitlines()
STATEMENTS = [
    "{{ html | escape }} {{ html | e }} {{ html | safe }} {{ html | forceescape }}",
    "{% for x in xs %}{{ loop.index }}:{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k, v in d | dictsort %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in d %}{{ k }}{% endfor %} {% for c in 'añb' %}<{{ c }}>{% endfor %}",
    "{% for x in empty %}x{% else %}none{% endfor %}",
    "{% for x in xs if x > 1 %}{{ loop.index }}{{ x }} {{ loop.last }}{% endfor %}",
    "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for x in xs %}{% set y = x %}{% endfor %}{{ y is defined }}",
    "{% set ns = namespace(total=0, seen=[]) %}{% for x in xs %}{% set ns.total = ns.total + x %}{% set ns.seen = ns.seen + [x] %}{% endfor %}{{ ns.total }} {{ ns.seen }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c = (1, 2) %}{{ c }}{% set t = 1, 2 %}{{ t }}",
    "{% if no %}a{% elif n > 5 %}b{% else %}c{% endif %}",
    "{% if zz %}a{% else %}b{% endif %}{{ zz }}{{ d.zz }}|",
    "{% macro m(a, b='B') %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{{ caller is defined }}{% endmacro %}{{ m(1) }} {{ m(1, 2) }} {{ m(b=3, a=4) }} {{ m(1, 2, 3, x=5) }} {{ m() }}",
    "{% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(5) }} {{ f.name }} {{ f.arguments }}",
    "{% macro o() %}{{ s }}{{ outer is defined }}{% endmacro %}{% set outer = 1 %}{{ o() }}",
    "{% for i in range(3) recursive %}{{ i }}{% endfor %}",
    "{% for r in [{'v': 1, 'k': [{'v': 2, 'k': []}]}] recursive %}{{ r.v }}@{{ loop.depth }}({{ loop(r.k) }}){% endfor %}",
    "{% filter upper | replace('A', 'b') %}abc {{ s }}{% endfilter %}",
    "{% set x %}a {{ n }}{% endset %}[{{ x }}]{% set y | upper %}q{% endset %}{{ y }}",
    "{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q is defined }}",
    "{% if true %}{% set inner = 3 %}{% endif %}{{ inner }}",
    "a  {%- if true -%}  b  {%- endif -%}  c",
    "a\n  {% if true %}  \n b\n  {% endif %}\n c\n",
    "a\n  {{ n }}  \n b {# c #}\n  {# c #}\n d\n",
    "a {%+ if true +%}\n b{% endif %}\n",
    "  {%+ if true %}x{% endif %}\n",
    "{{ n -}}  \n  x {{- n }}\n",
    "{{- n }}\n\n{%- set x = 1 %}\n\n{{ x }}\n\n",
    "x {#- c -#} y {#\nmany\nlines\n#}\nz",
    "{% raw %}{{ x }}{% if %}{% endraw %} {%- raw -%}  y  {%- endraw -%}  z",
    "{{ '{{' }}{{ '%}' }}{{ \"}}\" }}",
    "{% set d2 = {'a': 1} %}{{ d2 }}{{ {'x': [1, {'y': 'z'}]} }}",
    "{% set s = 'shadow' %}{{ s }}",
    "{{ xs.append(4) }}",
    "{{ d.update({'x': 1}) }}",
    "{{ s.nope() }}",
    "{{ zz.attr }}",
    "{{ zz() }}",
    "{{ nil.x }}|{{ n.x is defined }}|{{ nil['x'] is defined }}",
    "{{ s.__class__ }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ s.format.__globals__ }}",
    "{{ xs[10] is defined }}{{ xs[10] }}|{{ s[100] is defined }}",
    "{{ 1 / 0 }}",
    "{{ 'x' ~ 1 + 2 }}",
    "{{ 1 + 'a' }}",
    "{{ 'a' + 1 }}",
    "{{ none + 'a' }}",
    "{{ 'a' + nil }}",
    "{{ zz + 'a' }}",
    "{{ 'a' ~ zz }}",
    "{{ 'a' < 1 }}",
    "{{ s.index('zz') }}",
    "{{ raise_exception('it is so: ' ~ n) }}",
    "{{ 'x' | nofilter }}",
    "{{ 'x' is notest }}",
    "{% for x in n %}{% endfor %}",
    "{% for x in zz %}x{% else %}empty{% endfor %}",
    "{% for a, b in [1] %}{% endfor %}",
    "{% set ns = namespace() %}{% set ns._x = 1 %}",
    "{% set d.x = 1 %}",
    "{{ dict(a=1)['a'] }}{{ loop }}",
    "{{ '%d' % 'x' }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{{ range(3) | sum }} {{ [1, 2] | sum(start=10) }} {{ 'a' | int(default=5) }}",
    "{% set x = joiner(', ') %}{% for i in xs %}{{ x() }}{{ i }}{% endfor %}",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}",
    "{% for r in rows %}{% for t in r.tags %}{{ r.name }}{{ t }}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}",
    "{% for r in rows %}{% set outer = loop %}{% for t in r.tags %}{{ outer.index }}.{{ loop.index }} {% endfor %}{% endfor %}",
    "{% for x in xs %}{{ loop.previtem }}<{{ x }}<{{ loop.nextitem }} {% endfor %}",
    "{% for x in xs %}{% if loop.first %}{% continue %}{% endif %}{{ x }}{% if loop.index == 2 %}{% break %}{% endif %}{% endfor %}",
    "{% generation %}inside {{ n }}{% endgeneration %} out",
    "line one\r\nline two\r{{ n }}\n",
    "{{ 'a\nb' }}",
    "{% for x in rows | map(attribute='age') %}{{ x }}{{ loop.last }}{% endfor %}",
    "{{ (xs | map('string')) | list }}{{ xs | map('abs') is iterable }}",
    "{% set x = 5 %}{% for i in [1] %}{{ x }}{% set x = 6 %}{{ x }}{% endfor %}{{ x }}",
    "{% for x in xs -%}\n   {{ x }}\n{%- endfor %}",
    "{% block head %}in a block {{ n }}{% endblock %}",
    "{% set _ = xs %}{{ _ | length }}{% do xs %}",
    "{% autoescape false %}{{ html }}{% endautoescape %}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% extends 'x' %}",
]
BROKEN = [
    "{% if x %}",
    "{% endif %}",
    "{{ x ",
    "{{ 1 + }}",
    "{% for x %}{% endfor %}",
    "{% unknown %}",
    "a\nb\n{{ 'open }}",
    "{{ a b }}",
    "{# open",
    "{% set %}",
    "{% raw %}x",
    "{{ ) }}",
    "{% if x %}a{% endfor %}",
    "{{ x | }}",
    "{{ f(a=1, 2) }}",
    "{% macro x %}{% endmacro %}",
]


class FixedDatetime(real_datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


def tokenizer(template):
    """256 bytes, then the special tokens; what a model with a real vocabulary does with them is the same."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    bytes_only = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(alphabet)}, merges=[]))
    bytes_only.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytes_only.decoder = decoders.ByteLevel()
    bytes_only.add_special_tokens([AddedToken(t, special=True) for t in ("<s>", "</s>", "<|im_start|>", "<|im_end|>")])
    fast = PreTrainedTokenizerFast(tokenizer_object=bytes_only, bos_token="<s>", eos_token="</s>", model_max_length=512)
    fast.chat_template = template
    return fast


def rendered(render):
    try:
        return {"text": render()}
    except RecursionError:
        raise
    except Exception as e:  # whatever a template can raise is an expectation
        return {"error": type(e).__name__, "message": str(e)}


def write_jsonl(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def main():
    chat_template_utils.datetime = FixedDatetime
    shutil.rmtree(GOLDEN, ignore_errors=True)
    (GOLDEN / "folder").mkdir(parents=True)
    (GOLDEN / "templates.json").write_text(json.dumps(TEMPLATES, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    rows = []
    for name, template in TEMPLATES.items():
        fast = tokenizer(template)
        for title, messages in CONVERSATIONS.items():
            for variables in VARIABLES:
                result = rendered(lambda: fast.apply_chat_template(messages, tokenize=False, **variables))
                rows.append({"template": name, "conversation": title, "messages": messages, "variables": variables, **result})
    write_jsonl(GOLDEN / "expected.jsonl", rows)
    failed = sum("error" in row for row in rows)
    print(f"{len(rows)} renderings of {len(TEMPLATES)} templates, {failed} of them errors")

    features = []
    for template in ["{{ [" + e + "] }}" for e in EXPRESSIONS] + ["{{ " + e.split(", ")[0] + " }}" for e in EXPRESSIONS[:3]] + STATEMENTS + BROKEN:
        result = rendered(lambda: chat_template_utils._compile_jinja_template(template).render(**json.loads(json.dumps(DATA))))
        features.append({"template": template, **result})
    write_jsonl(GOLDEN / "features.jsonl", features)
    (GOLDEN / "data.json").write_text(json.dumps(DATA, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(features)} pieces, {sum('error' in row for row in features)} of them errors")

    fast = tokenizer(TEMPLATES["chatml-default-system"])
    fast.save_pretrained(GOLDEN / "folder")
    jinja = GOLDEN / "folder" / "chat_template.jinja"
    if jinja.exists():  # in the configuration, where older releases wrote it
        config = json.loads((GOLDEN / "folder" / "tokenizer_config.json").read_text(encoding="utf-8"))
        config["chat_template"] = jinja.read_text(encoding="utf-8")
        (GOLDEN / "folder" / "tokenizer_config.json").write_text(json.dumps(config, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        jinja.unlink()
    ids = []
    for title in ("one", "system", "turns", "unicode", "special"):
        messages = CONVERSATIONS[title]
        text = fast.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        out = fast.apply_chat_template(messages, tokenize=True, add_generation_prompt=True)
        ids.append({"messages": messages, "text": text, "ids": list(out["input_ids"] if isinstance(out, dict) or hasattr(out, "keys") else out)})
    write_jsonl(GOLDEN / "folder" / "expected.jsonl", ids)
    metadata = {name: version(name) for name in ("transformers", "tokenizers", "jinja2")}
    metadata |= {"generator": "chat_goldens.py", "now": NOW.isoformat(), "tolerance": "equal"}
    (GOLDEN / "metadata.json").write_text(json.dumps(metadata, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
