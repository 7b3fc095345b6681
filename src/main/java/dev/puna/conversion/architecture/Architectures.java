// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The architectures that can be converted: what each is called, and which class knows it. Stateless. */
public final class Architectures {
    /** Of each line: the name in GGUF, the family, and the names in {@code architectures} of a config.json. */
    private static final String TABLE = """
            llama llama LlamaForCausalLM LLaMAForCausalLM MistralForCausalLM MixtralForCausalLM LlamaModel\
             LlavaForConditionalGeneration VLlama3ForCausalLM IQuestCoderForCausalLM
            smollm3 llama SmolLM3ForCausalLM
            arcee llama ArceeForCausalLM
            llama-embed llama LlamaBidirectionalModel
            mistral3 llama Mistral3ForConditionalGeneration Ministral3ForCausalLM
            llama4 llama4 Llama4ForConditionalGeneration Llama4ForCausalLM
            granite granite GraniteForCausalLM
            granitemoe granite GraniteMoeForCausalLM GraniteMoeSharedForCausalLM
            granitehybrid granitehybrid GraniteMoeHybridForCausalLM BambaForCausalLM
            qwen2 plain Qwen2ForCausalLM Qwen2Model
            qwen3 plain Qwen3ForCausalLM Qwen3Model
            qwen2vl plain Qwen2VLForConditionalGeneration Qwen2VLModel Qwen2_5_VLForConditionalGeneration
            qwen3vl plain Qwen3VLForConditionalGeneration
            qwen3vlmoe moe Qwen3VLMoeForConditionalGeneration
            qwen3next next Qwen3NextForCausalLM
            qwen35 next Qwen3_5ForConditionalGeneration Qwen3_5ForCausalLM
            qwen35moe next Qwen3_5MoeForConditionalGeneration Qwen3_5MoeForCausalLM
            qwen2moe moe Qwen2MoeForCausalLM
            qwen3moe moe Qwen3MoeForCausalLM
            olmo plain OlmoForCausalLM OLMoForCausalLM
            olmo2 plain Olmo2ForCausalLM Olmo3ForCausalLM
            olmoe moe OlmoeForCausalLM
            seed_oss plain SeedOssForCausalLM
            starcoder2 plain Starcoder2ForCausalLM
            command-r plain CohereForCausalLM
            cohere2 plain Cohere2ForCausalLM
            exaone4 plain Exaone4ForCausalLM
            nemotron plain NemotronForCausalLM
            ernie4_5 plain Ernie4_5ForCausalLM Ernie4_5_ForCausalLM
            ernie4_5-moe erniemoe Ernie4_5_MoeForCausalLM
            hunyuan-dense hunyuan HunYuanDenseV1ForCausalLM
            gemma gemma GemmaForCausalLM
            gemma2 gemma Gemma2ForCausalLM
            gemma3 gemma Gemma3ForCausalLM Gemma3ForConditionalGeneration
            gemma-embedding gemma Gemma3TextModel
            gemma4 gemma4 Gemma4ForCausalLM Gemma4ForConditionalGeneration
            phi2 phi PhiForCausalLM
            phi3 phi Phi3ForCausalLM
            phimoe phi PhiMoEForCausalLM
            gpt2 older GPT2LMHeadModel
            gptneox older GPTNeoXForCausalLM
            falcon older FalconForCausalLM RWForCausalLM
            starcoder older GPTBigCodeForCausalLM
            stablelm older StableLmForCausalLM StableLMEpochForCausalLM
            chatglm chatglm GlmForCausalLM ChatGLMModel
            glm4 glm Glm4ForCausalLM
            glm4moe glm Glm4MoeForCausalLM
            gpt-oss gptoss GptOssForCausalLM
            deepseek deepseek DeepseekForCausalLM
            deepseek2 deepseek DeepseekV2ForCausalLM DeepseekV3ForCausalLM
            mamba mamba MambaForCausalLM MambaLMHeadModel FalconMambaForCausalLM
            mamba2 mamba Mamba2ForCausalLM
            lfm2moe lfm Lfm2MoeForCausalLM
            lfm2 lfm Lfm2ForCausalLM LFM2ForCausalLM
            bert bert BertModel BertForMaskedLM CamembertModel BertForSequenceClassification DistilBertModel\
             DistilBertForMaskedLM DistilBertForSequenceClassification RobertaModel RobertaForSequenceClassification\
             XLMRobertaModel XLMRobertaForSequenceClassification
            nomic-bert bert NomicBertModel
            neo-bert bert NeoBERT NeoBERTLMHead NeoBERTForSequenceClassification
            eurobert bert EuroBertModel JinaEmbeddingsV5Model
            jina-bert-v2 bert JinaBertModel JinaBertForMaskedLM
            modern-bert bert ModernBertModel ModernBertForMaskedLM ModernBertForSequenceClassification
            """;

    /** What the GGUF of these models says is not enough to cut and join tensors by. */
    private static final Set<String> WITHOUT_ADAPTERS = Set.of("granitehybrid", "nomic-bert", "nomic-bert-moe");

    private Architectures() {}

    /** The names in {@code architectures} of a config.json that can be converted, sorted. */
    public static List<String> supported() {
        var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
        for (var line : TABLE.split("\n", -1)) {
            var words = line.split(" ", -1);
            for (var index = 2; index < words.length; index++) {
                names.add(words[index]);
            }
        }
        return new ArrayList<>(names);
    }

    /** The line of a model by its config.json; one that no line names is refused. */
    public static Choice choose(ModelFiles files) {
        var config = TransformersConfig.read(files);
        var wanted = TransformersConfig.architecture(config);
        for (var line : TABLE.split("\n", -1)) {
            var words = List.of(line.split(" ", -1));
            if (words.lastIndexOf(wanted) > 1) {
                var name = name(words.getFirst(), config);
                return new Choice(files, TransformersConfig.text(config), wanted, name, words.get(1));
            }
        }
        throw new InvalidRequest("models of the architecture " + wanted + " cannot be converted; supported are: "
                + String.join(", ", supported()));
    }

    /**
     * The architecture of a model that is a GGUF file already, for what is to be added to its weights.
     *
     * @param name in GGUF
     * @param config the parameters by which tensors are cut and joined
     * @param first what a tensor's name begins with: {@code layers} in a model without a head, {@code distilbert} in one of that class
     * @param entries to which its name is added at once
     */
    public static Architecture ofBase(String name, Config config, String first, Entries entries) {
        if (WITHOUT_ADAPTERS.contains(name)) {
            throw noAdapter(name);
        }
        var row = name.equals("jina-bert-v3") ? "bert" : name;
        for (var line : TABLE.split("\n", -1)) {
            var words = List.of(line.split(" ", -1));
            if (words.size() > 2 && words.getFirst().equals(row)) {
                var wanted = words.get(2);
                for (var word : words.subList(2, words.size())) {
                    var fits = first.equals("layers")
                            ? word.endsWith("Model")
                            : word.endsWith("Model")
                                    && word.toLowerCase(Locale.ROOT).equals(first + "model");
                    wanted = fits ? word : wanted;
                }
                entries.text("general.architecture", name);
                var source = new Architecture.Source(name, wanted, ModelFiles.of(Map.of()), config, entries, Set.of());
                return of(words.get(1), source);
            }
        }
        throw noAdapter(name);
    }

    private static InvalidRequest noAdapter(String name) {
        return new InvalidRequest("adapters in safetensors for models of the architecture " + name
                + " cannot be converted: make a GGUF of it with llama.cpp's convert_lora_to_gguf.py, and give that");
    }

    /** The name in GGUF where the same class computes two of them. */
    private static String name(String name, Config config) {
        if (name.equals("nomic-bert") && config.truthy("moe_every_n_layers")) {
            return "nomic-bert-moe";
        }
        return name.equals("bert") && config.truthy("lora_adaptations") ? "jina-bert-v3" : name;
    }

    /** An architecture that was found, with what it is found by. */
    public record Choice(ModelFiles files, Config config, String huggingFaceName, String name, String family) {
        /**
         * The architecture of this model.
         *
         * @param entries to which its parameters are added; it adds its name at once
         * @param tensors the names of the weights
         */
        public Architecture open(Entries entries, Set<String> tensors) {
            entries.text("general.architecture", name);
            return of(family, new Architecture.Source(name, huggingFaceName, files, config, entries, tensors));
        }
    }

    private static Architecture of(String family, Architecture.Source source) {
        return switch (family) {
            case "plain" -> new PlainFamily(source);
            case "llama" -> new LlamaFamily(source);
            case "llama4" -> new Llama4Family(source);
            case "granite" -> new GraniteFamily(source);
            case "granitehybrid" -> new GraniteHybridFamily(source);
            case "next" -> new QwenNextFamily(source);
            case "chatglm" -> new ChatGlmFamily(source);
            case "gemma4" -> new Gemma4Family(source);
            case "moe" -> new MoeFamily(source);
            case "gemma" -> new GemmaFamily(source);
            case "phi" -> new PhiFamily(source);
            case "older" -> new OlderFamily(source);
            case "erniemoe" -> new ErnieMoeFamily(source);
            case "hunyuan" -> new HunYuanFamily(source);
            case "glm" -> new GlmFamily(source);
            case "gptoss" -> new GptOssFamily(source);
            case "deepseek" -> new DeepseekFamily(source);
            case "mamba" -> new MambaFamily(source);
            case "bert" -> BertFamily.of(source);
            case "lfm" -> new LfmFamily(source);
            default -> throw new IllegalStateException(family);
        };
    }
}
