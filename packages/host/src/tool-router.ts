import { basename } from "node:path"
import type { Config } from "@skein/config"

type ToolRouter = Config["values"]["toolRouter"]
type Provider = Config["values"]["providers"][number]

/** The id under which a server of its own is asked. */
const ENDPOINT_ID = "tool-router"

/** The small model that formats calls, and its server where that is one of its own; undefined when it is off. */
export function formatterOf(router: ToolRouter) {
  const { isEnabled, outputTokensMax, temperature } = router
  const model = modelOf(router)
  if (!isEnabled || model === undefined) return undefined
  const { endpoint } = router
  const providers: readonly Provider[] =
    endpoint === undefined ? [] : [{ id: ENDPOINT_ID, name: "the tool router", wire: "openai-chat", baseUrl: endpoint }]
  return { formatter: { model, outputTokensMax, temperature }, providers }
}

function modelOf({ endpoint, model, modelPath }: ToolRouter): string | undefined {
  if (endpoint !== undefined) return model === undefined ? undefined : `${ENDPOINT_ID}/${model}`
  return model ?? (modelPath === undefined ? undefined : `local/${basename(modelPath)}`)
}

/** What of its settings has no effect, in sentences for the person. */
export function routerWarnings(router: ToolRouter): readonly string[] {
  const { isEnabled, endpoint, model, modelPath, tokenizerPath, arch, device } = router
  const unread = [
    ...(tokenizerPath === undefined ? [] : ["tool_router.tokenizer_path"]),
    ...(arch === undefined || arch === "auto" ? [] : ["tool_router.arch"]),
  ]
  return [
    ...(isEnabled && modelOf(router) === undefined
      ? [
          `The tool router is on and has no model: set tool_router.model${endpoint === undefined ? " or tool_router.model_path" : ""}.`,
        ]
      : []),
    ...(isEnabled && model !== undefined && modelPath !== undefined
      ? ["tool_router.model_path is not used: tool_router.model names another model."]
      : []),
    ...unread.map((key) => `${key} is not read: a GGUF file says that itself, and a server knows its own model.`),
    ...(device === undefined || device === "auto" || device === "cpu"
      ? []
      : ["tool_router.device is not read: local models run on the processor, and a server chooses for itself."]),
  ]
}
