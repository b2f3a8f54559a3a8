import schemaFile from "@agentclientprotocol/sdk/schema/v1/schema.json"
import unstableFile from "@agentclientprotocol/sdk/schema/v1/schema.unstable.json"
import { lazy } from "@skein/protocol"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"

type Node = { [key: string]: unknown }

/** Answers, by the method that was asked. */
const RESULTS: Readonly<Record<string, string>> = {
  initialize: "InitializeResponse",
  "session/new": "NewSessionResponse",
  "session/load": "LoadSessionResponse",
  "session/resume": "ResumeSessionResponse",
  "session/list": "ListSessionsResponse",
  "session/close": "CloseSessionResponse",
  "session/delete": "DeleteSessionResponse",
  "session/fork": "ForkSessionResponse",
  "session/archive": "ArchiveSessionResponse",
  "session/unarchive": "UnarchiveSessionResponse",
  "session/set_title": "SetSessionTitleResponse",
  "session/set_mode": "SetSessionModeResponse",
  "session/set_config_option": "SetSessionConfigOptionResponse",
  "session/prompt": "PromptResponse",
}

/** Answers that the stable schema does not know, or not with all that is announced. */
const UNSTABLE: ReadonlySet<string> = new Set([
  "InitializeResponse",
  "ForkSessionResponse",
  "ArchiveSessionResponse",
  "UnarchiveSessionResponse",
  "SetSessionTitleResponse",
])

/** Made of alternatives within alternatives, which cannot be closed each for itself: held to the schema as it is. */
const OPEN: ReadonlySet<string> = new Set(["CreateElicitationRequest"])

/** Params, by the method that the agent calls. */
const PARAMS: Readonly<Record<string, string>> = {
  "session/update": "SessionNotification",
  "session/request_permission": "RequestPermissionRequest",
  "elicitation/create": "CreateElicitationRequest",
  "$/cancel_request": "CancelRequestNotification",
}

/**
 * Holds an agent's lines to the schema that the SDK ships, strictly: a field the schema does not know is a mistake, but
 * in what it leaves open. Give it every line of both sides.
 */
export class Wire {
  readonly #asked = new Map<unknown, string>()
  /** Every message of the agent that is no answer. */
  readonly calls: Node[] = []

  fromClient(line: string): void {
    const message = JSON.parse(line) as Node
    if (message.method !== undefined && "id" in message) this.#asked.set(message.id, String(message.method))
  }

  /** Throws when the line is not one that an agent may send. */
  fromAgent(line: string): Node {
    if (line.includes("\n")) throw new Error("A message is one line")
    const message = JSON.parse(line) as Node
    if (message.jsonrpc !== "2.0") throw new Error(`No JSON-RPC 2.0: ${line}`)
    if (typeof message.method === "string") {
      this.calls.push(message)
      this.#check(PARAMS[message.method], message.params, line)
    } else if (message.error !== undefined) this.#check("Error", message.error, line)
    else {
      this.#check(RESULTS[this.#asked.get(message.id) ?? ""], message.result, line)
      this.#asked.delete(message.id)
    }
    return message
  }

  #check(name: string | undefined, value: unknown, line: string): void {
    if (name === undefined) throw new Error(`Nothing is known of this message: ${line}`)
    const check = checkOf(name)
    if (check(value)) return
    const why = check.errors?.map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
    throw new Error(`Not a ${name}: ${why?.slice(0, 6).join("; ")} in ${line.slice(0, 2_000)}`)
  }
}

const checks = new Map<string, ValidateFunction>()

function checkOf(name: string): ValidateFunction {
  const known = checks.get(name)
  if (known !== undefined) return known
  const check = ajv().compile({ $ref: `${schemaOf(name)}#/$defs/${name}` })
  checks.set(name, check)
  return check
}

function schemaOf(name: string): string {
  if (OPEN.has(name)) return "open"
  return UNSTABLE.has(name) ? "unstable" : "acp"
}

const ajv = lazy(() =>
  new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
    .addSchema(strict(structuredClone(schemaFile) as unknown as Node), "acp")
    .addSchema(structuredClone(schemaFile) as unknown as Node, "open")
    .addSchema(strict(structuredClone(unstableFile) as unknown as Node), "unstable"),
)

/** Closes every object of the schema. One that is only ever a part of another is closed there, with all its parts. */
function strict(schema: Node): Node {
  const parts = new Set<unknown>()
  walk(schema, (node) => {
    if (node.properties !== undefined && Array.isArray(node.allOf)) {
      for (const part of node.allOf as Node[]) parts.add(part.$ref)
    }
  })
  const defs = schema.$defs as Record<string, Node>
  for (const [name, def] of Object.entries(defs)) {
    if (parts.has(`#/$defs/${name}`)) {
      for (const member of membersOf(def)) close(member)
    } else close(def)
  }
  return schema
}

function close(node: Node): void {
  const members = membersOf(node)
  if (node.properties !== undefined && node.additionalProperties === undefined) node.unevaluatedProperties = false
  else for (const member of members) close(member)
}

function membersOf(node: Node): readonly Node[] {
  return [...((node.oneOf as Node[] | undefined) ?? []), ...((node.anyOf as Node[] | undefined) ?? [])]
}

function walk(node: unknown, visit: (node: Node) => void): void {
  if (typeof node !== "object" || node === null) return
  if (!Array.isArray(node)) visit(node as Node)
  for (const value of Object.values(node)) walk(value, visit)
}
