import { existsSync, statSync } from "node:fs"
import { resolve } from "node:path"
import { type CodeRange, jsonPage } from "@skein/protocol"
import { type Asking, withHost } from "../session/host.ts"
import { oneLine } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** A server that has yet to read a large project answers late. */
const WAIT_MS = 120_000

/** `skein lsp status`: what there is that knows the code of this folder. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { io, flags }, host, cwd }) => {
    const servers = await host.code.status(cwd)
    if (flags.has("json")) {
      io.out(jsonPage(servers))
      return 0
    }
    if (servers.length === 0) io.err("note    No language server or linter is known for the files here.")
    const width = Math.max(...servers.map(({ name }) => name.length), 0)
    for (const { name, status, note } of servers) {
      const said = note === undefined ? "" : `  ${oneLine(note)}`
      io.out(`${oneLine(name).padEnd(width)}  ${status.replace("_", " ").padEnd(13)}${said}`.trimEnd())
    }
    return 0
  })

/** `skein lsp diagnostics src`: exit 1 when one of them is an error. */
export const diagnostics: Run = (call) =>
  asking(call, async ({ host, io, flags, cwd, query }) => {
    if (call.words.length === 0) throw new UsageError("skein lsp diagnostics needs a path: skein lsp diagnostics src.")
    const paths = call.words.map((word) => existing(resolve(cwd, word), word))
    const report = await host.code.diagnostics(paths, { ...query, waitMs: WAIT_MS })
    if (flags.has("json")) io.out(jsonPage(report))
    else {
      for (const { range, severity, source, code, message } of report.diagnostics) {
        io.out(
          `${placeOf(range, cwd)} ${severity} ${source}${code === undefined ? "" : ` ${code}`}: ${oneLine(message)}`,
        )
      }
      for (const sentence of report.late) io.err(`note    ${oneLine(sentence)}`)
    }
    return report.diagnostics.some(({ severity }) => severity === "error") ? 1 : 0
  })

/** `skein lsp symbols src/main.ts`, `skein lsp symbols main`. */
export const symbols: Run = (call) =>
  asking(call, async ({ host, io, flags, cwd, query }) => {
    const [word, ...more] = call.words
    if (word === undefined || more.length > 0) throw new UsageError("skein lsp symbols needs one file or name.")
    const path = resolve(cwd, word)
    const isFile = existsSync(path) && statSync(path).isFile()
    const found = await host.code.symbols(isFile ? { path } : { root: cwd, query: word }, query)
    if (flags.has("json")) io.out(jsonPage(found))
    else for (const { name, kind, range } of found) io.out(`${placeOf(range, cwd)} ${kind} ${oneLine(name)}`)
    return 0
  })

type Asked = Pick<Asking, "cwd"> & {
  readonly host: Parameters<Parameters<typeof withHost>[1]>[0]["host"]
  readonly io: VerbCall["io"]
  readonly flags: VerbCall["flags"]
  readonly query: { readonly roots: readonly string[]; readonly signal: AbortSignal }
}

/** Ctrl-C ends the asking, and with it the servers. */
function asking(call: VerbCall, use: (at: Asked) => Promise<number>): Promise<number> {
  return withHost(call, async ({ call: { io, flags }, host, cwd }) => {
    const stop = new AbortController()
    const unhook = io.onSignal(() => stop.abort())
    try {
      const query = { roots: [cwd, ...host.settings.extraRoots], signal: stop.signal }
      return await use({ host, io, flags, cwd, query })
    } finally {
      unhook()
    }
  })
}

function existing(path: string, word: string): string {
  if (!existsSync(path)) throw new UsageError(`There is no ${word} here.`)
  return path
}

function placeOf({ path, line, column }: CodeRange, cwd: string): string {
  return `${oneLine(path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path)}:${line}:${column}`
}
