import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { compose } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { capture as captured } from "../reference/capture.ts"
import { differences } from "../reference/compare.ts"
import { FILE_NAME, readReference } from "../reference/record.ts"
import { hostRequest, path } from "../session/request.ts"
import { interruptible } from "../session/signals.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** `skein reference commands <program>`: what a capture would run. Runs nothing. */
export const commands: Run = async (call) => {
  const program = programOf(call)
  const lines = [
    [program, "--version"],
    [program, "--help"],
    [program, "<every word of its help>", "--help"],
    [program, "features", "list"],
    [program, "app-server", "generate-json-schema", "--out", "<a folder that is thrown away>"],
  ].map((words) => words.join(" "))
  if (call.flags.has("json")) call.io.out(jsonPage(lines))
  else for (const line of lines) call.io.out(line)
  return 0
}

/** `skein reference capture <program> --out DIR`: its version, help, features and schemas, as `reference.json`. */
export const capture: Run = async (call) => {
  const { flags, io } = call
  const program = programOf(call)
  const out = emptyFolder(flags.text("out"), io.cwd)
  const host = compose({ ...hostRequest(flags, io), isEphemeral: true })
  const { signal, done } = interruptible(io)
  try {
    const reference = await captured({
      ...{ host, program, out, deep: depth(flags.text("deep")), isUnconfined: flags.has("no-sandbox") },
      ...{ now: io.now, signal },
    })
    writeFileSync(join(out, FILE_NAME), `${JSON.stringify(reference, undefined, 2)}\n`)
    const { version, notes } = reference
    const counts = {
      commands: reference.commands.length - 1,
      flags: reference.commands.reduce((sum, page) => sum + page.flags.length, 0),
      features: Object.keys(reference.features).length,
      schemas: Object.keys(reference.schemas).length,
    }
    if (flags.has("json")) io.out(jsonPage({ version, ...counts, notes, file: join(out, FILE_NAME) }))
    else {
      io.out(
        `${version || program}: ${Object.entries(counts)
          .map(([what, count]) => `${count} ${what}`)
          .join(", ")}`,
      )
      io.out(join(out, FILE_NAME))
      for (const note of notes) io.err(`note    ${note}`)
    }
    return 0
  } finally {
    done()
    await host.close()
  }
}

/** `skein reference compare <dir> <dir>`: exit 1 when they differ. */
export const compare: Run = async ({ words, flags, io }) => {
  const [older, newer, ...more] = words
  if (older === undefined || newer === undefined || more.length > 0)
    throw new UsageError("Which two? skein reference compare <older dir> <newer dir>.")
  const rows = differences(readReference(path(older, io.cwd)), readReference(path(newer, io.cwd)))
  if (flags.has("json")) io.out(jsonPage(rows))
  else if (rows.length === 0) io.out("They say the same.")
  else for (const { kind, change, name } of rows) io.out(`${change.padEnd(8)} ${kind.padEnd(8)} ${name}`)
  return rows.length === 0 ? 0 : 1
}

function programOf({ words, rest, io }: VerbCall): string {
  const [name, ...more] = [...words, ...rest]
  if (name === undefined || more.length > 0)
    throw new UsageError("Which program? Give its name or its path, and nothing behind it.")
  const found = name.includes("/") ? path(name, io.cwd) : Bun.which(name, { PATH: io.env.PATH ?? "" })
  if (found === null || !existsSync(found)) throw new UsageError(`There is no program ${name}.`)
  return realpathSync(found)
}

function emptyFolder(said: string | undefined, cwd: string): string {
  if (said === undefined) throw new UsageError("Where to? skein reference capture <program> --out DIR.")
  const folder = path(said, cwd)
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(`${folder} is not empty: a record goes into a folder of its own.`)
  }
  mkdirSync(folder, { recursive: true })
  return folder
}

function depth(said: string | undefined): number {
  if (said === undefined) return 3
  if (/^[0-6]$/.test(said)) return Number(said)
  throw new UsageError(`--deep takes a number from 0 to 6, not ${JSON.stringify(said)}.`)
}
