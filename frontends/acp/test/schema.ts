import schemaFile from "@agentclientprotocol/sdk/schema/v1/schema.json"
import unstableFile from "@agentclientprotocol/sdk/schema/v1/schema.unstable.json"
import { lazy } from "@skein/protocol"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"

type Node = { [key: string]: unknown }

/** Answers that the stable schema does not know with all that is announced. */
const UNSTABLE: ReadonlySet<string> = new Set(["InitializeResponse"])

/** Made of alternatives within alternatives, which cannot be closed each for itself: held to the schema as it is. */
const OPEN: ReadonlySet<string> = new Set(["CreateElicitationRequest"])

interface Shapes {
  readonly params?: string
  readonly result?: string
}

/** What the schema says is sent with a method, and answered; by side, `agent` for what an agent is asked. */
const shapes = lazy(() => {
  const found = new Map<string, Shapes>()
  for (const file of [unstableFile, schemaFile]) {
    for (const [name, def] of Object.entries(file.$defs as Record<string, Node>)) {
      const key = `${def["x-side"]} ${def["x-method"]}`
      const part = name.endsWith("Response") ? { result: name } : { params: name }
      if (typeof def["x-method"] === "string") found.set(key, { ...found.get(key), ...part })
    }
  }
  return found
})

const shapesOf = (side: "agent" | "client", method: string): Shapes =>
  shapes().get(`${side} ${method}`) ?? shapes().get(`protocol ${method}`) ?? {}

/** All that a schema has words for. */
export interface Surface {
  readonly methods: readonly string[]
  readonly updates: readonly string[]
  readonly prompts: readonly string[]
  readonly contents: readonly string[]
}

function surfaceOf({ $defs }: { readonly $defs: unknown }): Surface {
  const defs = $defs as Record<string, Node>
  const methods = Object.values(defs).flatMap((def) => (typeof def["x-method"] === "string" ? [def["x-method"]] : []))
  return {
    methods: [...new Set(methods)],
    updates: kindsOf(defs.SessionUpdate, "sessionUpdate"),
    prompts: kindsOf(defs.ContentBlock, "type"),
    contents: kindsOf(defs.ToolCallContent, "type"),
  }
}

export const stableSurface = (): Surface => surfaceOf(schemaFile)

/** What only the unstable schema knows. */
export function unstableSurface(): Surface {
  const [stable, all] = [stableSurface(), surfaceOf(unstableFile)]
  const without = (of: keyof Surface) => all[of].filter((each) => !stable[of].includes(each))
  return {
    ...{ methods: without("methods"), updates: without("updates") },
    ...{ prompts: without("prompts"), contents: without("contents") },
  }
}

/** The methods that are asked of a side: requests alone, whichever schema knows them. */
export function methodsOf(side: "agent" | "client"): readonly string[] {
  return [...shapes()].flatMap(([key, { result }]) =>
    key.startsWith(`${side} `) && (result !== undefined || side === "client") ? [key.slice(side.length + 1)] : [],
  )
}

function kindsOf(union: Node | undefined, field: string): readonly string[] {
  return membersOf(union ?? {}).flatMap(({ properties }) => {
    const kind = ((properties ?? {}) as Record<string, Node>)[field]
    return typeof kind?.const === "string" ? [kind.const] : []
  })
}

/**
 * Holds the lines of both sides to the schema that the SDK ships, strictly: a field the schema does not know is a mistake, but
 * in what it leaves open. Give it every line of both sides.
 */
export class Wire {
  /** Methods by the id that they were asked with. */
  readonly #askedAgent = new Map<unknown, string>()
  readonly #askedClient = new Map<unknown, string>()
  /** Every message of the agent that is no answer. */
  readonly calls: Node[] = []

  /** Any line at all: what is wrong with it is for the agent to say. */
  fromClient(line: string): void {
    const message = JSON.parse(line) as Node
    if (message.method !== undefined && "id" in message) this.#askedAgent.set(message.id, String(message.method))
  }

  /** Throws when the line is not one that a client may send. */
  fromGoodClient(line: string): void {
    this.fromClient(line)
    const message = JSON.parse(line) as Node
    if (typeof message.method === "string") {
      if (message.method.startsWith("_")) return
      this.#check(shapesOf("agent", message.method).params, message.params ?? {}, line)
    } else this.#checkAnswer("client", this.#askedClient, message, line)
  }

  /** Throws when the line is not one that an agent may send. */
  fromAgent(line: string): Node {
    if (line.includes("\n")) throw new Error("A message is one line")
    const message = JSON.parse(line) as Node
    if (message.jsonrpc !== "2.0") throw new Error(`No JSON-RPC 2.0: ${line}`)
    if (typeof message.method === "string") {
      this.calls.push(message)
      if ("id" in message) this.#askedClient.set(message.id, message.method)
      this.#check(shapesOf("client", message.method).params, message.params, line)
    } else this.#checkAnswer("agent", this.#askedAgent, message, line)
    return message
  }

  #checkAnswer(side: "agent" | "client", asked: Map<unknown, string>, message: Node, line: string): void {
    if (message.error !== undefined) return this.#check("Error", message.error, line)
    this.#check(shapesOf(side, asked.get(message.id) ?? "").result, message.result, line)
    asked.delete(message.id)
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
  return UNSTABLE.has(name) || !(name in schemaFile.$defs) ? "unstable" : "acp"
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
