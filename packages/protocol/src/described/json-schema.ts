import type { Json } from "../json.ts"
import { registry, toJSONSchema } from "../json-schema.ts"
import { WIRE_VERSION } from "../wire.ts"
import { definitions } from "./definitions.ts"

/**
 * skein's own protocol as JSON Schema 2020-12: each thing that can be said is one of `$defs`, and the whole is a message of
 * either side. A reader leaves fields alone that it does not know, and skips events whose type it does not know.
 */
export function protocolSchema(): Json {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:skein:protocol:${WIRE_VERSION}`,
    title: "skein's protocol",
    description:
      "Messages between a client and a skein engine that runs in another process: JSON-RPC 2.0, one message a line or a frame.",
    anyOf: [{ $ref: "#/$defs/ClientMessage" }, { $ref: "#/$defs/ServerMessage" }],
    $defs: schemasAt("#/$defs/"),
  }
}

/** All definitions as JSON Schema, which name each other by `place` and the name. */
export function schemasAt(place: string): Json {
  const names = registry<{ id: string }>()
  for (const [id, schema] of definitions()) names.add(schema, { id })
  const { schemas } = toJSONSchema(names, { io: "input", uri: (id) => `${place}${id}` })
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [
      name,
      JSON.parse(JSON.stringify(schema)),
    ]),
  )
}
