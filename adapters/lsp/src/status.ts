import type { CodeServer } from "@skein/core/ports"
import { filesBelow } from "./files-below.ts"
import { lintersIn } from "./linters/linting.ts"
import type { CodeOptions } from "./options.ts"
import type { Pool, PoolEntry } from "./running/pool.ts"
import { rowFor, rowsOf } from "./servers/choose.ts"
import { programAt, rootOf, runsOfProject } from "./servers/find.ts"
import type { ServerRow } from "./servers/row.ts"

/** The servers that run, then those that the files of a folder would have, then its linters. */
export async function statusOf(root: string, options: CodeOptions, servers: Pool): Promise<readonly CodeServer[]> {
  const settings = options.settingsFor(root)
  const running = servers.entries.filter(({ state }) => state !== "absent").map(shownOf)
  const isTrusted = !options.isRefused(root) && (await options.isTrusted(root))
  const rows = rowsOf(settings)
  const { files } = await filesBelow([root])
  const wanted = new Map(
    files.flatMap((file) => {
      const row = rowFor(file, rows)
      return row === undefined ? [] : [[row, file] as const]
    }),
  )
  const others = [...wanted].filter(([{ name }]) => !running.some((one) => one.name === name))
  const would = others.map(([row, file]): CodeServer => {
    const about = { name: row.name, languages: [...new Set(Object.values(row.languages))] }
    if (!settings.isEnabled) return { ...about, status: "off", note: "lsp.enabled is false" }
    if (options.isRefused(root)) return { ...about, status: "off", note: "this folder was refused: skein trust" }
    return { ...about, ...found(row, file) }
  })
  return [...running, ...would, ...(await lintersIn(root, options, isTrusted))]

  function found(row: ServerRow, file: string): Pick<CodeServer, "status" | "note"> {
    const own = rootOf(file, root, row)
    if (!isTrusted && runsOfProject(row, own)) {
      return { status: "off", note: "it runs code of the project: skein trust accept" }
    }
    const search = { path: options.path, workspace: root, root: own, isTrusted }
    const isHere = row.commands.some(([program = ""]) => programAt(program, search) !== undefined)
    return isHere
      ? { status: "idle", note: "starts with the first change or question" }
      : { status: "not_installed", note: row.install }
  }
}

function shownOf(entry: PoolEntry): CodeServer {
  const memoryBytes = entry.memoryBytes()
  return {
    name: entry.name,
    languages: entry.languages,
    status:
      entry.state === "failed"
        ? "failed"
        : entry.state === "running" || entry.state === "starting"
          ? "running"
          : "idle",
    root: entry.root,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(entry.note === undefined ? {} : { note: entry.note }),
  }
}
