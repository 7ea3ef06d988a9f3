package io.textloom.fuzz;

import io.textloom.constrain.ConstraintFuzz;
import io.textloom.model.ConfigFuzz;
import io.textloom.model.OnnxFuzz;
import io.textloom.model.SafetensorsFuzz;
import io.textloom.openai.RequestFuzz;
import io.textloom.prompt.ChatFuzz;
import io.textloom.prompt.jinja.TemplateFuzz;
import io.textloom.spark.intake.JsonLineFuzz;
import io.textloom.token.TokenizerFuzz;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All targets by name. Each stands beside the tests of its package; what it needs is made when it is asked for. */
final class FuzzTargets {
    private static final Map<String, Supplier<FuzzTarget>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("safetensors", SafetensorsFuzz::target);
        ALL.put("config", ConfigFuzz::config);
        ALL.put("folder", ConfigFuzz::folder);
        ALL.put("onnx", OnnxFuzz::target);
        ALL.put("tokenizer", TokenizerFuzz::target);
        ALL.put("template", TemplateFuzz::target);
        ALL.put("chat", ChatFuzz::target);
        ALL.put("jsonl", JsonLineFuzz::target);
        ALL.put("openai", RequestFuzz::target);
        ALL.put("regex", ConstraintFuzz::regex);
        ALL.put("schema", ConstraintFuzz::schema);
    }

    private FuzzTargets() {}

    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    static FuzzTarget byName(String name) {
        Supplier<FuzzTarget> target = ALL.get(name);
        if (target == null) {
            throw new IllegalArgumentException("There is no target " + name + "; there are " + ALL.keySet());
        }
        return target.get();
    }
}
