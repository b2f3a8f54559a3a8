import type { CodeServer, CodeSymbol } from "@skein/protocol"
import { defineCommand } from "./command.ts"
import { columns } from "./text.ts"

export const lsp = defineCommand({
  name: "lsp",
  summary: "Language servers and linters that are here, or could be.",
  usage: "",
  whileBusy: true,
  async run(_, { ask, sessionId }) {
    const servers = await ask({ type: "code.servers", sessionId })
    const text =
      servers.length === 0 ? "No language server or linter is known for the files here." : serverTable(servers)
    return { kind: "show", text }
  },
})

export const symbols = defineCommand({
  name: "symbols",
  summary: "Symbols of a file, or of all by a part of their name.",
  usage: "<file | name>",
  whileBusy: true,
  async run(args, { ask, facts, sessionId }) {
    const word = args.replace(/^@/, "")
    if (word === "") return { kind: "usage", text: "/symbols <file | name>  as /symbols src/main.ts or /symbols main" }
    // Names of symbols have neither.
    const of = /[./]/.test(word) ? { path: word } : { name: word }
    const found = await ask({ type: "code.symbols", sessionId, of })
    const { cwd } = await facts()
    const rows = found.slice(0, SHOWN_MAX).map((one) => symbolRow(one, cwd))
    const more = found.length > SHOWN_MAX ? [`(${found.length - SHOWN_MAX} more)`] : []
    return { kind: "show", text: found.length === 0 ? `No symbols: ${word}` : [...columns(rows), ...more].join("\n") }
  },
})

const SHOWN_MAX = 200

function serverTable(servers: readonly CodeServer[]): string {
  const rows = servers.map(({ name, status, memoryBytes, root, note }): [string, string] => {
    const memory = memoryBytes === undefined ? undefined : `${Math.round(memoryBytes / 1_000_000)} MB`
    return [name, [status.replace("_", " "), memory, root, note].filter((part) => part !== undefined).join(", ")]
  })
  return columns(rows).join("\n")
}

function symbolRow({ name, kind, range, container }: CodeSymbol, cwd: string): [string, string] {
  const path = range.path.startsWith(`${cwd}/`) ? range.path.slice(cwd.length + 1) : range.path
  return [`${path}:${range.line}`, `${kind} ${container === undefined ? "" : `${container}.`}${name}`]
}
