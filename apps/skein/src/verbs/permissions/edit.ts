import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

const EMPTY = `${JSON.stringify({ version: 1, user: [], projects: {} }, undefined, 2)}\n`

/** `skein permissions edit`: a copy is edited, and takes the file's place only when it is right. */
export const run: Run = (call) =>
  withHost(call, async ({ host: { permissions } }) => {
    const { io } = call
    const { file, checkFile } = permissions
    const editor = [io.env.VISUAL, io.env.EDITOR].find((command) => command !== undefined && command !== "")
    if (editor === undefined) throw new UsageError(`No editor is named: set EDITOR, or change ${file} yourself.`)
    const before = existsSync(file) ? readFileSync(file, "utf8") : EMPTY
    const folder = folderBeside(file)
    const copy = join(folder, "permissions.json")
    try {
      writeFileSync(copy, before, { mode: 0o600, flag: "wx" })
      const child = Bun.spawn(["/bin/sh", "-c", `${editor} "$1"`, "sh", copy], {
        stdio: ["inherit", "inherit", "inherit"],
        cwd: io.cwd,
        env: { ...io.env },
      })
      const code = await child.exited
      const after = existsSync(copy) ? readFileSync(copy, "utf8") : before
      const kept = () => (after === before ? "" : ` What you wrote is in ${putAside(copy, file)}.`)
      if (code !== 0) throw new UsageError(`${editor} ended with ${code}; nothing was changed.${kept()}`)
      try {
        checkFile(after)
      } catch (cause) {
        if (!(cause instanceof SkeinError)) throw cause
        throw new SkeinError(cause.code, `${cause.message} Nothing was changed.${kept()}`, { cause })
      }
      const now = existsSync(file) ? readFileSync(file, "utf8") : EMPTY
      if (now !== before)
        throw new SkeinError("config.invalid", `${file} was changed meanwhile, so it is left as it is.${kept()}`)
      if (after !== before) {
        chmodSync(copy, 0o600)
        await permissions.edit(() => renameSync(copy, file))
      }
      io.out(after === before ? "Nothing was changed." : `Changed: ${file}`)
      return 0
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

/** On the same file system as the file, whose place the copy takes. */
function folderBeside(file: string): string {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    return mkdtempSync(join(dirname(file), ".permissions-"))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const cure = "Check who owns the folder, or set SKEIN_HOME to another."
    throw new SkeinError("log.unwritable", `Cannot change ${file}: ${why}. ${cure}`, { cause })
  }
}

/** Where what a person wrote lies when it could not take the file's place; the newest such text stays. */
function putAside(copy: string, file: string): string {
  const aside = `${file}.rejected`
  renameSync(copy, aside)
  return aside
}
