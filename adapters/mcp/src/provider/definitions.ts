import { visible } from "@skein/protocol"
import { groupOf } from "../config/found.ts"
import { sha256 } from "../config/raw.ts"
import type { ServerTool } from "../connection/live-server.ts"

/** A tool of a server, as it is told and called here. */
export interface KnownTool {
  /** The server's group. */
  readonly group: string
  /** As the server calls it. */
  readonly name: string
  /** As a model calls it: `mcp__<group>__<tool>`. */
  readonly callName: string
  readonly title: string
  /** Bounded, and with what hides in it made visible. */
  readonly description: string
  readonly inputSchema: Readonly<Record<string, unknown>>
  readonly isReadOnlyHinted: boolean
  /** Of all that it says of itself: name, title, description, schema, and whether it only reads. */
  readonly sha256: string
  /** In a request, told in full; estimated. */
  readonly tokens: number
}

export const PREFIX = "mcp__"

const DESCRIPTION_CHARS_MAX = 2_048
const SCHEMA_CHARS_MAX = 32_000
/** What the stricter providers take. */
const NAME_CHARS_MAX = 64

/** The tools of a server as they are told. Of two with the same name the first counts; the second is told in `left`. */
export function knownTools(
  group: string,
  tools: readonly ServerTool[],
  tokens: (text: string) => number,
): { readonly known: readonly KnownTool[]; readonly left: readonly string[] } {
  const byName = new Map<string, KnownTool>()
  const left: string[] = []
  for (const tool of tools) {
    const one = knownTool(group, tool, tokens)
    if (byName.has(one.callName)) left.push(tool.name)
    else byName.set(one.callName, one)
  }
  return { known: [...byName.values()], left }
}

function knownTool(group: string, tool: ServerTool, tokens: (text: string) => number): KnownTool {
  const { name, title = name, inputSchema, isReadOnlyHinted } = tool
  const description = cleaned(tool.description, DESCRIPTION_CHARS_MAX)
  const written = JSON.stringify(inputSchema)
  const callName = callNameOf(group, name)
  const isBounded = written.length <= SCHEMA_CHARS_MAX
  return {
    ...{ group, name, callName, title: cleaned(title, 80), description, isReadOnlyHinted },
    // The server still checks what it is given; the model is told less than it could be.
    inputSchema: isBounded ? inputSchema : { type: "object", description: "Too large to be told." },
    sha256: sha256(JSON.stringify([name, title, tool.description, written, isReadOnlyHinted])),
    tokens: tokens(`${callName}${description}${isBounded ? written : ""}`),
  }
}

/** Names that would be too long end in a part of their hash. */
export function callNameOf(group: string, tool: string): string {
  const name = `${PREFIX}${group}__${groupOf(tool)}`
  const isCut = name.length > NAME_CHARS_MAX || tool.length > 40
  return isCut ? `${name.slice(0, NAME_CHARS_MAX - 9)}_${sha256(tool).slice(0, 8)}` : name
}

/** On as many lines as it has. */
export function cleaned(text: string, charsMax: number): string {
  const plain = visible(text).trim()
  return plain.length <= charsMax ? plain : `${plain.slice(0, charsMax - 1)}…`
}

/** The first words of a text, on one line. */
export function firstWords(text: string, charsMax: number): string {
  const line = visible(text).replace(/\s+/g, " ").trim()
  if (line.length <= charsMax) return line
  const cut = line.slice(0, charsMax - 1)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), charsMax / 2))}…`
}
