import type { ModelInfo, Settings } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { codexModel, codexSandbox, modelName, policyFor } from "../words.ts"
import { page } from "./list.ts"

const EFFORTS = ["low", "medium", "high"].map((reasoningEffort) => ({ reasoningEffort, description: "" }))
const NO_EFFORT = [{ reasoningEffort: "none", description: "Does not think first" }]

/** Only models that can be asked; the whole catalogue is `skein models`'. */
export function listModels(models: readonly ModelInfo[], settings: Settings, params: Json): Json {
  const data = models
    .filter(({ isReady }) => isReady)
    .map((model) => {
      const full = `${model.provider}/${model.id}`
      return {
        id: modelName(full),
        model: modelName(full),
        displayName: model.name ?? model.id,
        description: `Served by ${model.provider}`,
        hidden: false,
        supportedReasoningEfforts: model.reasoning ? EFFORTS : NO_EFFORT,
        defaultReasoningEffort: model.reasoning ? "medium" : "none",
        inputModalities: model.images ? ["text", "image"] : ["text"],
        isDefault: full === settings.model,
        ...{ upgrade: null, upgradeInfo: null, availabilityNux: null, modelSpecialty: null, multiAgentVersion: null },
        ...{ supportsPersonality: false, additionalSpeedTiers: [], serviceTiers: [], defaultServiceTier: null },
        availableAccessPrograms: null,
      }
    })
  return page(data, params)
}

/** Keys are skein's own business, so nobody is ever asked to log in here. */
export function account(models: readonly ModelInfo[]): Json {
  const hasKey = models.some(({ provider, isReady }) => provider === "openai" && isReady)
  return { account: hasKey ? { type: "apiKey" } : null, requiresOpenaiAuth: false }
}

/** `getAuthStatus`: by what the provider is asked. A key is never given back to a client, whatever it asks for. */
export function authStatus(models: readonly ModelInfo[]): Json {
  const { account: known, requiresOpenaiAuth } = account(models)
  return { authMethod: known === null ? null : "apikey", authToken: null, requiresOpenaiAuth }
}

/** What a new thread starts with, in Codex's keys. */
export function config(settings: Settings): Json {
  return {
    config: {
      model: settings.model === "" ? null : modelName(settings.model),
      model_provider: settings.model === "" ? null : codexModel(settings.model).provider,
      model_reasoning_effort: settings.effort ?? null,
      approval_policy: policyFor(settings.mode),
      sandbox_mode: codexSandbox(settings.sandbox),
      web_search: settings.webSearch?.access ?? "disabled",
    },
    origins: {},
    layers: null,
  }
}
