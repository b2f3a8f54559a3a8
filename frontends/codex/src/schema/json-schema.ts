import type { Json } from "@skein/protocol/json"
import { type Described, type Description, described, type Union } from "./described.ts"
import { namesIn, type Type } from "./notation.ts"

const DRAFT = "http://json-schema.org/draft-07/schema#"
const IN_V1 = /^Initialize/
/** A file of these is about the parameters or null. */
const OR_NULL = /^(GetAccountRateLimits|GetAccountTokenUsage|RemoteControlEnable|RemoteControlDisable)Params$/
const AT_ROOT =
  /^(RequestId|FuzzyFileSearch|CommandExecutionRequestApproval|FileChangeRequestApproval|ToolRequestUserInput|McpServerElicitationRequest|PermissionsRequestApproval|DynamicToolCall|ChatgptAuthTokensRefresh|AttestationGenerate|CurrentTimeRead|ApplyPatchApproval|ExecCommandApproval)/

/** Files by their path in the folder: a schema for each message, one for each end's messages, and one of all. */
export function jsonSchemaFiles(which: { readonly isExperimental: boolean }): ReadonlyMap<string, string> {
  const all = described(which)
  const files = new Map<string, string>()
  const write = (path: string, schema: Json) => files.set(path, `${JSON.stringify(schema, undefined, 2)}\n`)
  for (const name of [...all.messages, "RequestId"]) write(pathOf(name), alone(name, all))
  for (const union of all.unions)
    write(`${union.name}.json`, { ...unionSchema(union), definitions: definitionsOf(all, union) })
  for (const [name, schema] of Object.entries(envelopes())) {
    write(`${name}.json`, {
      $schema: DRAFT,
      title: name,
      ...schema,
      definitions: { ...envelopes(), ...definitionsFor(["RequestId"], all) },
    })
  }
  const definitions = {
    ...definitionsFor([...all.types.keys()], all),
    ...Object.fromEntries(all.unions.map((union) => [union.name, unionSchema(union)])),
    ...envelopes(),
  }
  write("codex_app_server_protocol.schemas.json", {
    $schema: DRAFT,
    title: "CodexAppServerProtocol",
    type: "object",
    definitions,
  })
  const second = Object.fromEntries(Object.entries(definitions).filter(([name]) => !IN_V1.test(name)))
  write("codex_app_server_protocol.v2.schemas.json", {
    ...{
      $schema: DRAFT,
      title: "CodexAppServerProtocolV2",
      type: "object",
      definitions: { ...second, ...definitionsFor(["InitializeParams", "InitializeResponse"], all) },
    },
  })
  return files
}

function pathOf(name: string): string {
  if (OR_NULL.test(name)) return `v2/Nullable${name}.json`
  return `${IN_V1.test(name) ? "v1/" : AT_ROOT.test(name) ? "" : "v2/"}${name}.json`
}

function alone(name: string, all: Description): Json {
  const described = all.types.get(name)
  const definitions = definitionsFor(namesBehind(described, all), all)
  const rest = Object.keys(definitions).length === 0 ? {} : { definitions }
  return { $schema: DRAFT, title: name, ...schemaOf(described), ...rest }
}

function definitionsOf(all: Description, { rows, hasId }: Union): Json {
  const names = rows.flatMap(({ params }) => (params === undefined ? [] : [params]))
  return definitionsFor(hasId ? [...names, "RequestId"] : names, all)
}

/** Of these names, and of all that they lean on. */
function definitionsFor(names: readonly string[], all: Description): Json {
  const meant = new Set(names.flatMap((name) => [name, ...namesBehind(all.types.get(name), all)]))
  return Object.fromEntries([...meant].toSorted().map((name) => [name, schemaOf(all.types.get(name))]))
}

function namesBehind(described: Described | undefined, { types }: Description): readonly string[] {
  const found = new Set(described === undefined ? [] : namesIn(described.type))
  for (const name of found) {
    const type = types.get(name)?.type
    for (const further of type === undefined ? [] : namesIn(type)) found.add(further)
  }
  return [...found]
}

function schemaOf(described: Described | undefined): Json {
  if (described === undefined) return {}
  const note = described.note === undefined ? {} : { description: described.note }
  return { ...note, ...schema(described.type) }
}

function schema(type: Type): Json {
  switch (type.kind) {
    case "plain":
      return type.name === "unknown" ? {} : { type: type.name }
    case "text":
      return { type: "string", enum: [type.value] }
    case "named":
      return { $ref: `#/definitions/${type.name}` }
    case "list":
      return { type: "array", items: schema(type.of) }
    case "record":
      return { type: "object", additionalProperties: schema(type.of) }
    case "union": {
      const words = type.of.flatMap((one) => (one.kind === "text" ? [one.value] : []))
      const others = type.of.filter(({ kind }) => kind !== "text").map(schema)
      const all = words.length === 0 ? others : [{ type: "string", enum: words }, ...others]
      return all.length === 1 && all[0] !== undefined ? all[0] : { anyOf: all }
    }
    case "object": {
      const required = type.members.filter(({ isOptional }) => !isOptional).map(({ name }) => name)
      return {
        type: "object",
        properties: Object.fromEntries(type.members.map((member) => [member.name, schema(member.type)])),
        ...(required.length === 0 ? {} : { required }),
      }
    }
  }
}

function unionSchema({ name, hasId, rows }: Union): Json {
  const oneOf = rows.map(({ method, params }) => ({
    type: "object",
    properties: {
      ...(hasId ? { id: { $ref: "#/definitions/RequestId" } } : {}),
      method: { type: "string", enum: [method] },
      ...(params === undefined ? { params: { type: "null" } } : { params: { $ref: `#/definitions/${params}` } }),
    },
    required: [...(hasId ? ["id"] : []), "method", ...(params === undefined ? [] : ["params"])],
  }))
  return { $schema: DRAFT, title: name, oneOf }
}

/** JSON-RPC's own shapes, which have no `jsonrpc` member here. */
function envelopes(): Readonly<Record<string, Json>> {
  const id = { $ref: "#/definitions/RequestId" }
  const method = { type: "string" }
  const object = (properties: Json, required: readonly string[]): Json => ({ type: "object", properties, required })
  const error = { $ref: "#/definitions/JSONRPCErrorError" }
  return {
    JSONRPCErrorError: object({ code: { type: "integer" }, message: { type: "string" }, data: true }, [
      "code",
      "message",
    ]),
    JSONRPCError: object({ id, error }, ["error", "id"]),
    JSONRPCNotification: object({ method, params: true }, ["method"]),
    JSONRPCRequest: object({ id, method, params: true }, ["id", "method"]),
    JSONRPCResponse: object({ id, result: true }, ["id", "result"]),
    JSONRPCMessage: {
      anyOf: ["Request", "Notification", "Response", "Error"].map((kind) => ({ $ref: `#/definitions/JSONRPC${kind}` })),
    },
  }
}
