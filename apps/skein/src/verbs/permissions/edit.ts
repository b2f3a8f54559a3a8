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
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const before = existsSync(file) ? readFileSync(file, "utf8") : EMPTY
    const folder = mkdtempSync(join(dirname(file), ".permissions-"))
    const copy = join(folder, "permissions.json")
    writeFileSync(copy, before, { mode: 0o600, flag: "wx" })
    const child = Bun.spawn(["/bin/sh", "-c", `${editor} "$1"`, "sh", copy], {
      stdio: ["inherit", "inherit", "inherit"],
      cwd: io.cwd,
      env: { ...io.env },
    })
    const code = await child.exited
    if (code !== 0)
      throw new UsageError(`${editor} ended with ${code}; nothing was changed. What it wrote is in ${copy}.`)
    const after = readFileSync(copy, "utf8")
    try {
      checkFile(after)
    } catch (cause) {
      if (!(cause instanceof SkeinError)) throw cause
      throw new SkeinError(cause.code, `${cause.message} Nothing was changed; what you wrote is in ${copy}.`, { cause })
    }
    const now = existsSync(file) ? readFileSync(file, "utf8") : EMPTY
    if (now !== before)
      throw new SkeinError(
        "config.invalid",
        `${file} was changed meanwhile, so it is left as it is. What you wrote is in ${copy}.`,
      )
    if (after !== before) {
      chmodSync(copy, 0o600)
      await permissions.edit(() => renameSync(copy, file))
    }
    rmSync(folder, { recursive: true, force: true })
    io.out(after === before ? "Nothing was changed." : `Changed: ${file}`)
    return 0
  })
