import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Ajv, type ValidateFunction } from "ajv"
import { codex } from "./codex-program.ts"
import type { Message } from "./talk.ts"

type Schema = { readonly [key: string]: unknown; readonly definitions?: Record<string, unknown> }
interface Variant {
  readonly properties: { readonly method: { readonly enum: readonly string[] }; readonly params?: Schema }
}

/** Answers whose name is not the request's parameters' with another ending. */
const RESPONSES: Readonly<Record<string, string>> = {
  initialize: "InitializeResponse",
  "config/value/write": "ConfigWriteResponse",
  "config/batchWrite": "ConfigWriteResponse",
  "config/mcpServer/reload": "McpServerRefreshResponse",
  "configRequirements/read": "ConfigRequirementsReadResponse",
  "memory/reset": "MemoryResetResponse",
  "account/logout": "LogoutAccountResponse",
  "account/rateLimits/read": "GetAccountRateLimitsResponse",
  "account/usage/read": "GetAccountTokenUsageResponse",
  "account/workspaceMessages/read": "GetWorkspaceMessagesResponse",
  "remoteControl/enable": "RemoteControlEnableResponse",
  "remoteControl/disable": "RemoteControlDisableResponse",
  "remoteControl/status/read": "RemoteControlStatusReadResponse",
  "externalAgentConfig/import/readHistories": "ExternalAgentConfigImportHistoriesReadResponse",
}

/** What Codex's own program says of its messages, generated when it is asked. */
export interface RealSchemas {
  /** The methods of requests, notifications and requests of the server. */
  readonly methods: Readonly<Record<"ClientRequest" | "ServerNotification" | "ServerRequest", readonly string[]>>
  /** A sentence for each message of the server that is not as Codex describes it. `sent`: what the client said. */
  defects(sent: readonly Message[], received: readonly Message[]): readonly string[]
}

/** Generates the schemas, experimental ones too unless only what is stable is wanted. Undefined where Codex's program cannot be had. */
export function realSchemas({ isStable = false } = {}): RealSchemas | undefined {
  if (codex === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), "skein-codex-schemas-"))
  try {
    const argv = [codex, "app-server", "generate-json-schema", "--out", folder]
    if (!isStable) argv.push("--experimental")
    const run = Bun.spawnSync(argv, {
      stdin: "ignore",
      env: { PATH: process.env.PATH ?? "", HOME: folder, CODEX_HOME: folder },
    })
    if (run.exitCode !== 0) throw new Error(`Codex generated no schemas: ${run.stderr.toString()}`)
    return schemasIn(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Schemas that were generated into a folder. */
export function schemasIn(folder: string): RealSchemas {
  return reading((name) => JSON.parse(readFileSync(join(folder, name), "utf8")))
}

function reading(read: (name: string) => Schema): RealSchemas {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
  const all = definitions(read)
  const compiled = new Map<string, ValidateFunction>()
  const notifications = variants(read("ServerNotification.json"))
  const questions = variants(read("ServerRequest.json"))
  const requests = variants(read("ClientRequest.json"))

  function wrong(key: string, schema: Schema, value: unknown): readonly string[] {
    const validate = compiled.get(key) ?? ajv.compile({ ...schema, definitions: all })
    compiled.set(key, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${key}${instancePath}: ${message}`)
  }

  function defect(message: Message, methodOf: (id: unknown) => string | undefined): readonly string[] {
    if (message.error !== undefined) return []
    if (message.method === undefined) {
      const method = methodOf(message.id)
      if (method === undefined) return [`an answer to no request: ${JSON.stringify(message.id)}`]
      const name = RESPONSES[method] ?? nameOf(requests.get(method)).replace(/Params$/, "Response")
      if (all[name] === undefined) return [`${method}: Codex describes no ${name}`]
      return wrong(`${method} → ${name}`, { $ref: `#/definitions/${name}` }, message.result)
    }
    const known = message.id === undefined ? notifications : questions
    const variant = known.get(message.method)
    if (variant === undefined) return [`Codex sends no ${message.method}`]
    return wrong(message.method, variant.properties.params ?? {}, message.params)
  }

  return {
    methods: {
      ClientRequest: [...requests.keys()],
      ServerNotification: [...notifications.keys()],
      ServerRequest: [...questions.keys()],
    },
    defects(sent, received) {
      const methods = new Map(sent.map(({ id, method }) => [id, method]))
      return received.flatMap((message) => defect(message, (id) => methods.get(id as Message["id"])))
    },
  }
}

/** Of both versions, by their bare names, which are one of a kind. */
function definitions(read: (name: string) => Schema): Record<string, unknown> {
  const { v2, ...v1 } = read("codex_app_server_protocol.schemas.json").definitions ?? {}
  const text = JSON.stringify({ ...v1, ...(v2 as object) })
  return JSON.parse(text.replaceAll("#/definitions/v2/", "#/definitions/"))
}

function variants(schema: Schema): ReadonlyMap<string, Variant> {
  const rows = schema.oneOf as readonly Variant[]
  return new Map(rows.map((row) => [row.properties.method.enum[0] ?? "", row]))
}

function nameOf(variant: Variant | undefined): string {
  return /"#\/definitions\/(?:Nullable)?(\w+)"/.exec(JSON.stringify(variant?.properties.params ?? {}))?.[1] ?? ""
}
