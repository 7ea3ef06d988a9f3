"""The texts of the embedding goldens: sentences written for this project, mixed by a seeded recipe.

A text of n tokens ([CLS] and [SEP] count) is sentences drawn at random until there are at least n tokens, cut back
word by word (Chinese: character by character) to at most n, and filled up to exactly n with one-token words.
"""

import random

ENGLISH = [
    "Rain.",
    "Why not?",
    "The kettle sang.",
    "Nobody answered the door.",
    "She counted the boats twice, and twice she was wrong.",
    "A ledger is only honest if somebody reads it.",
    "The night train left without lights; we heard it long after it had gone.",
    "If the batch fails at midnight, who is called, and what do they need to know?",
    "He mended clocks for a living, though he was late for everything.",
    "Every warehouse has one shelf that nobody dares to tidy.",
    "\"Take the left road,\" said the miller, \"unless you like mud.\"",
    "Snow fell on the harbour, on the cranes, on the sleeping gulls.",
    "The committee agreed to disagree (again) and adjourned for soup.",
    "Our index holds the words; the reader brings the question.",
    "Two engineers argued about a comma; a third deleted the file.",
    "I've never seen a quieter market: no shouting, no music, not even a dog.",
    "The old map showed a river where the motorway is now.",
    "Please don't feed the printer; it's already full of paper.",
    "What the fox borrowed, the fox forgot.",
    "Cold bread, warm hands, and a window that wouldn't close.",
    "The lighthouse-keeper's daughter wrote letters to ships she would never meet.",
    "State-of-the-art is a moving target, mostly moving away.",
    "They sold the piano, kept the stool, and hummed.",
    "A good summary leaves out what the writer loved best...",
    "SHOUTING WILL NOT MAKE THE LIFT ARRIVE!",
    "Between the two mountains lies a valley that belongs to neither country.",
    "Unfortunately, the counterrevolutionary electroencephalographers misunderstood the questionnaire.",
    "My neighbour's cat reads the newspaper upside down, or so it seems.",
]

ACCENTS_AND_SCRIPTS = [
    "Crème brûlée for the naïve café owner.",
    "Zoë's résumé mentions Kraków, São Paulo and Malmö.",
    "Der Bäcker grüßt süß über die Straße.",
    "¿Dónde está el niño? ¡Allí, junto al árbol!",
    "L'été dernier, l'élève a oublié où était sa clé.",
    "Dvořák, Łukasz and Ångström walk into an elevator.",
    "Привет, мир: снег идёт с утра.",
    "Καλημέρα, said the baker from Naxos.",
    "ﬁve ﬂat ﬁsh and a ½ litre of water",
    "İstanbul'da hava güneşli; in Reykjavík it rained.",
]

DIGITS_AND_SIGNS = [
    "Invoice 2024-03-17: 1,299.50 EUR, due in 30 days.",
    "3.14159 is close enough; 22/7 is not.",
    "Run `job --limit=100 --seed=7` and read line 42.",
    "Room 12b, 4th floor, +49 30 901820.",
    "x^2 + y^2 = z^2 & a != b (see p. 88).",
    "Mail to team@example.org or visit https://example.org/a/b?c=d#e.",
    "At 07:45 it was -12.5 °C; at noon, 3 °C.",
    "C:\\data\\new_file.txt isn't a path on this machine.",
    "50% off!!! Today only: $9.99 ~~$19.99~~ #sale @shop",
    "v1.28.0 broke; v1.27.3-rc.2 didn't.",
]

EMOJI = [
    "Lunch? 🍜🍜🍜",
    "The deploy is green ✅ and the team is asleep 😴.",
    "👩‍🚀 to the moon 🚀, back by ☕.",
    "I ♥ rainy days ☔️ — really!",
    "Flags: 🇳🇴 🇯🇵 🇧🇷",
]

CHINESE = [
    "下雨了。",
    "今天的面包还没有烤好。",
    "他把钟修好了，可是自己总是迟到。",
    "请问，去码头的路怎么走？",
    "山谷里住着一位会讲故事的老人，孩子们每天晚上都去听。",
    "数据已经写完，可是没有人检查过。",
    "小船慢慢地离开了港口，灯塔还亮着。",
    "如果任务在半夜失败，应该通知谁？",
    "猫在窗台上睡着了，书也从桌子上掉了下来。",
    "这家店的豆浆三块五一杯，油条两块。",
    "春天来的时候，河边的柳树先绿了！",
    "“别着急，”奶奶说，“汤还要再煮一会儿。”",
    "图书馆里很安静，只有翻书的声音。",
    "工程师们为了一个逗号争论了一个下午。",
    "昨天晚上下了一场大雪，早上整个城市都变白了。",
    "我们需要一张新的地图，因为旧地图上没有这条路。",
    "她写了一封很长的信，却没有寄出去。",
    "机器学习模型把每一句话变成一串数字。",
    "老师问了一个问题，全班都低下了头。",
    "火车晚点了四十分钟，站台上的人越来越多。",
]

CHINESE_MIXED = [
    "我们用 Spark 处理了 1,200 万行数据，只用了 35 分钟。",
    "请把 report_v2.pdf 发到 team@example.org，谢谢！",
    "这个 GPU 有 24 GB 显存，够用吗？",
    "会议改到 2024年3月17日 下午 2:30。",
    "OK，没问题 👍",
    "Java 17 的 record 很好用，对吧？",
    "他说：“Never mind”，然后笑了。",
    "繁體字和简体字都要測試。",
    "温度从 -12.5℃ 升到 3℃，风力４级。",
    "The tea is called 龙井, and it is green.",
]

FILLERS_ENGLISH = ["so", "and", "then", "we", "all", "went", "home", "again"]
FILLERS_CHINESE = list("的了在人有我他们")


def targets(count: int, longest: int) -> list[int]:
    """`count` lengths in tokens spread evenly from 3 (one token of text) to `longest`."""
    return [3 + round(i * (longest - 3) / (count - 1)) for i in range(count)]


def text_of_length(target: int, sentences, fillers, glue: str, count_tokens, draw: random.Random) -> str:
    pieces = [draw.choice(sentences)]
    while count_tokens(glue.join(pieces)) < target:
        pieces.append(draw.choice(sentences))
    text = glue.join(pieces)
    while count_tokens(text) > target:
        cut = text.rstrip()
        last_is_latin = cut[-1].isascii() or cut[-1].isalpha() and ord(cut[-1]) < 0x2E80
        shorter = cut[: cut.rfind(" ") + 1] if last_is_latin and " " in cut[-40:] else cut[:-1]
        text = shorter.rstrip()
        if not text:
            break
    while count_tokens(text) < target:
        text = (text + glue if glue or text[-1:].isascii() else text) + draw.choice(fillers)
        text = text.strip()
    if count_tokens(text) != target:
        raise ValueError(f"{count_tokens(text)} tokens instead of {target}: {text!r}")
    return text


def english_texts(count: int, count_tokens, seed: int) -> list[str]:
    draw = random.Random(seed)
    mixed = ENGLISH * 3 + ACCENTS_AND_SCRIPTS * 2 + DIGITS_AND_SIGNS * 2 + EMOJI * 2 + CHINESE[:10]
    return [text_of_length(n, mixed, FILLERS_ENGLISH, " ", count_tokens, draw) for n in targets(count, 256)]


def chinese_texts(count: int, count_tokens, seed: int) -> list[str]:
    draw = random.Random(seed)
    mixed = CHINESE * 2 + CHINESE_MIXED * 2 + EMOJI[:2] + ENGLISH[:4]
    return [text_of_length(n, mixed, FILLERS_CHINESE, "", count_tokens, draw) for n in targets(count, 256)]
