import { COMPATIBLE, OLLAMA, PATIENT } from "./dialects.ts"
import type { Row } from "./row.ts"

/** Servers that a person runs, where they listen when nobody says otherwise. A key is sent where there is one. */
export const OWN_MACHINE: readonly Row[] = [
  {
    id: "ollama",
    name: "Ollama",
    wire: "ollama-chat",
    baseUrl: "http://127.0.0.1:11434",
    baseUrlEnv: ["OLLAMA_HOST"],
    keyEnv: [],
    sendsOn: /[:-]cloud$/,
    isHostNamed: true,
    dialect: OLLAMA,
  },
  {
    id: "local",
    name: "llama.cpp on this machine",
    wire: "ollama-chat",
    baseUrl: "",
    baseUrlEnv: [],
    keyEnv: [],
    isOwnProcess: true,
    dialect: {
      ...PATIENT,
      missingModelCure:
        "Add its file with: skein models add <file.gguf>, or get one with: skein models pull <address>.",
    },
  },
  {
    id: "lmstudio",
    name: "LM Studio",
    aliases: ["lm-studio"],
    wire: "openai-chat",
    baseUrl: "http://127.0.0.1:1234/v1",
    baseUrlEnv: ["LMSTUDIO_BASE_URL", "LM_STUDIO_BASE_URL"],
    baseUrlPath: "/v1",
    keyEnv: ["LMSTUDIO_API_KEY"],
    isKeyOptional: true,
    dialect: { ...COMPATIBLE, ...PATIENT, reasoningField: "reasoning_content", isReasoningOptional: true },
  },
  {
    id: "local-openai",
    name: "Local OpenAI-like server",
    aliases: ["llama-server", "llama.cpp", "vllm"],
    wire: "openai-chat",
    baseUrl: "http://127.0.0.1:8080/v1",
    baseUrlEnv: ["LOCAL_OPENAI_BASE_URL", "VLLM_BASE_URL", "LLAMA_SERVER_BASE_URL"],
    baseUrlPath: "/v1",
    keyEnv: ["LOCAL_OPENAI_API_KEY", "VLLM_API_KEY", "LLAMA_API_KEY"],
    isKeyOptional: true,
    dialect: { ...COMPATIBLE, ...PATIENT, reasoningField: "reasoning_content", isReasoningOptional: true },
  },
]
