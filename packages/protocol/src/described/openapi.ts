import type { Json } from "../json.ts"
import { schemasAt } from "./json-schema.ts"

/** The paths of the protocol over HTTP, as OpenAPI 3.1. `version` is skein's own. */
export function openApi(version: string): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "skein over HTTP",
      version,
      description:
        "The three methods of an engine as plain requests: ask for a change, read, listen. The same over a pipe, a Unix socket or a WebSocket is JSON-RPC 2.0, which /v1/schema.json describes.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "http://127.0.0.1:{port}", variables: { port: { default: "8808" } } }],
    security: [{ bearer: [] }],
    paths: PATHS,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "What the server's token file says." },
      },
      responses: { ...REFUSALS },
      schemas: { ...schemasAt(PLACE), ErrorAnswer: ERROR_ANSWER },
    },
  }
}

const PLACE = "#/components/schemas/"
const schemaOf = (name: string) => ({ $ref: `${PLACE}${name}` })
const jsonOf = (name: string) => ({ "application/json": { schema: schemaOf(name) } })
const answered = (description: string, name: string) => ({ "200": { description, content: jsonOf(name) } })
const bodyOf = (name: string) => ({ required: true, content: jsonOf(name) })

const ERROR_ANSWER = { type: "object", properties: { error: schemaOf("Refusal") }, required: ["error"] }

/** What a request may come to that is not done, by its status. */
const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  "400": ["Invalid", "What was sent is no JSON, or not what belongs here; the message names the field."],
  "401": ["NoToken", "The token is missing or another."],
  "403": ["Foreign", "The host is called otherwise, or a page of a browser asks."],
  "404": ["NotFound", "What is asked about does not exist."],
  "409": ["Refused", "The engine refuses; the code says why."],
  "413": ["TooLarge", "The body is larger than this server takes."],
  "415": ["NotJson", "The body is to be sent as application/json."],
  "429": ["Busy", "Too much is asked at once; Retry-After says when to ask again, in seconds."],
  "500": ["Defect", "The server is wrong, not the client."],
  "501": ["Unsupported", "This cannot be done here; the message says what to do instead."],
  "503": ["Closing", "The server ends."],
}
const REFUSALS = Object.fromEntries(
  Object.values(REASONS).map(([name, description]) => [name, { description, content: jsonOf("ErrorAnswer") }]),
)
const refused = (...statuses: readonly (keyof typeof REASONS)[]) =>
  Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${REASONS[status]?.[0]}` }]))
const TO_ALL = ["401", "403", "404", "429", "500"] as const
const TO_BODIES = ["400", "409", "413", "415", "501", "503"] as const

const connection = (description: string) => ({
  name: "Skein-Connection",
  in: "header",
  description,
  schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,100}$" },
})

const PATHS = {
  "/v1/ops": {
    post: {
      operationId: "submit",
      summary: "Ask for a change",
      description:
        "Answered when the change is in the log, or refused: both are receipts. With an opId, the same op sent again is done once.",
      parameters: [
        connection(
          "Under the name of a stream of events: who offers to answer is there as long as that is. Without it, client.attach is refused.",
        ),
      ],
      requestBody: bodyOf("Op"),
      responses: { ...answered("Whether it was taken.", "Receipt"), ...refused(...TO_ALL, ...TO_BODIES) },
    },
  },
  "/v1/queries": {
    post: {
      operationId: "ask",
      summary: "Read, without changing anything",
      requestBody: bodyOf("Query"),
      responses: {
        ...answered("The answer: of session.read, a SessionReadAnswer. Absent where there is none.", "AskResult"),
        ...refused(...TO_ALL, ...TO_BODIES),
      },
    },
  },
  "/v1/sessions/{sessionId}/events": {
    get: {
      operationId: "events",
      summary: "Follow a session",
      description:
        "Server-sent events: the durable ones from `from` on, one session.snapshot, then all as they happen. The `id` of a durable one is its seq, so that Last-Event-ID goes on after it. The last, of the type `ended`, carries `{error}` where there was one.",
      parameters: [
        { name: "sessionId", in: "path", required: true, schema: schemaOf("SessionId") },
        {
          name: "from",
          in: "query",
          description: "The first durable event wanted; 1 is the whole session, left out is only what comes.",
          schema: { type: "integer", minimum: 1 },
        },
        {
          name: "isReadOnly",
          in: "query",
          description: "Never opens the session: what another process writes is followed, durable events alone.",
          schema: { type: "boolean" },
        },
        {
          name: "Last-Event-ID",
          in: "header",
          description: "The seq of the last durable event that the client has; stronger than `from`.",
          schema: { type: "integer", minimum: 0 },
        },
        connection("What the client calls the connection that this stream is part of; its ops may name it."),
      ],
      responses: {
        "200": {
          description: "Each `data` is an Event, but that of `ended`.",
          content: { "text/event-stream": { schema: schemaOf("Event") } },
        },
        ...refused(...TO_ALL, "400", "409"),
      },
    },
  },
  "/v1/socket": {
    get: {
      operationId: "socket",
      summary: "The same as messages of JSON-RPC 2.0 over WebSocket",
      responses: {
        "101": { description: "From here on: messages as /v1/schema.json describes them, one a text frame." },
        "426": { description: "This is for WebSocket.", content: jsonOf("ErrorAnswer") },
        ...refused("400", "401", "403"),
      },
    },
  },
  "/v1/schema.json": described("schema", "The protocol as JSON Schema 2020-12"),
  "/v1/openapi.json": described("openapi", "This description"),
  "/health": {
    get: {
      operationId: "health",
      summary: "Whether somebody is there",
      security: [],
      responses: { "200": { description: "`ok`", content: { "text/plain": { schema: { type: "string" } } } } },
    },
  },
}

function described(operationId: string, summary: string) {
  const response = { description: "A JSON document.", content: { "application/json": { schema: { type: "object" } } } }
  return { get: { operationId, summary, responses: { "200": response, ...refused(...TO_ALL) } } }
}
