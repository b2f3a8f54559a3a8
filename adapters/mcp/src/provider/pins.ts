import type { TakeLock } from "@skein/core/ports"
import { changeObject, driftDiff, readObject } from "@skein/kept"
import { asObject, asText, type Json } from "@skein/protocol/json"
import type { KnownTool } from "./definitions.ts"

/** A tool's definition as it was when it was first called, so that another one is noticed. */
export interface Pin {
  readonly sha256: string
  /** A person said yes to a call of it as it is defined there. */
  readonly isApproved: boolean
  readonly title: string
  readonly isReadOnlyHinted: boolean
  readonly description: string
  /** As JSON. */
  readonly schema: string
}

export interface Pins {
  /** `server` is what the server is known by: another program or address is another server. */
  of(server: string, tool: string): Pin | undefined
  /** The same for many of its tools: the file is read once. */
  ofServer(server: string): (tool: string) => Pin | undefined
  put(server: string, tool: KnownTool, isApproved: boolean): Promise<void>
}

/** In the person's own data, where a folder cannot bring it along. */
export function pins(file: string, lock: () => Promise<TakeLock>): Pins {
  const ofServer: Pins["ofServer"] = (server) => {
    const kept = asObject(asObject(readObject(file)?.servers)?.[server])
    return (tool) => pinOf(asObject(kept?.[tool]))
  }
  return {
    ofServer,
    of: (server, tool) => ofServer(server)(tool),
    put: (server, tool, isApproved) => changeObject(file, lock, (before) => withPin(before, server, tool, isApproved)),
  }
}

function pinOf(kept: Json | undefined): Pin | undefined {
  const sha256 = asText(kept?.sha256)
  if (kept === undefined || sha256 === undefined) return undefined
  const { title, description, schema } = kept
  return {
    ...{ sha256, isApproved: kept.isApproved === true, isReadOnlyHinted: kept.isReadOnlyHinted === true },
    title: asText(title) ?? "",
    description: asText(description) ?? "",
    schema: asText(schema) ?? "",
  }
}

const SCHEMA_CHARS_MAX = 16_000

function withPin(before: Json, server: string, tool: KnownTool, isApproved: boolean): Json {
  const servers = asObject(before.servers) ?? {}
  const { name, title, sha256, description, isReadOnlyHinted } = tool
  const pin: Pin = { sha256, isApproved, title, isReadOnlyHinted, description, schema: schemaText(tool) }
  return { v: 1, servers: { ...servers, [server]: { ...asObject(servers[server]), [name]: pin } } }
}

function schemaText({ inputSchema }: KnownTool): string {
  return JSON.stringify(inputSchema, undefined, 2).slice(0, SCHEMA_CHARS_MAX)
}

/** What was approved and what it is now, as a unified diff of lines that can be read whole. */
export function drift(pin: Pin, tool: KnownTool): string {
  const [old, made] = [linesOf(tool.name, pin), linesOf(tool.name, { ...tool, schema: schemaText(tool) })]
  if (old.join("\n") !== made.join("\n")) return driftDiff(tool.name, old, made)
  return `${driftDiff(tool.name, old, made)}\n What differs stands beyond what is shown of its input's schema.`
}

type Definition = Omit<Pin, "sha256" | "isApproved">

function linesOf(name: string, { title, isReadOnlyHinted, description, schema }: Definition): readonly string[] {
  const hint = isReadOnlyHinted ? ["The server says that it changes nothing."] : []
  const own = title === name ? [] : [title]
  return [...own, ...hint, ...description.split("\n"), ...schema.split("\n")].flatMap(pieces)
}

const LINE_CHARS_MAX = 72

/** A description is often one long line, of which a screen would show the beginning alone. */
function pieces(line: string): readonly string[] {
  const found: string[] = []
  let rest = line
  while (rest.length > LINE_CHARS_MAX) {
    const space = rest.lastIndexOf(" ", LINE_CHARS_MAX)
    const at = space > 0 ? space : LINE_CHARS_MAX
    found.push(rest.slice(0, at))
    rest = rest.slice(space > 0 ? at + 1 : at)
  }
  return [...found, rest]
}
