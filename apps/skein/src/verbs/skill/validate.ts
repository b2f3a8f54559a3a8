import { basename, dirname, resolve } from "node:path"
import { jsonPage } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein skill validate <folder …>`: 0 when all are valid, 1 when not. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host, cwd }) => {
    if (words.length === 0) throw new UsageError("Which folder? Give that of a skill, or its SKILL.md.")
    const installer = await host.skills.installer()
    const checked = words.map((word) => {
      const path = resolve(cwd, word)
      const folder = /^skill\.md$/i.test(basename(path)) ? dirname(path) : path
      return { folder, flaws: installer.validate(folder) }
    })
    if (flags.has("json"))
      io.out(jsonPage(checked.map(({ folder, flaws }) => ({ folder, isValid: flaws.length === 0, flaws }))))
    else
      for (const { folder, flaws } of checked) {
        io.out(flaws.length === 0 ? `Valid: ${oneLine(folder)}` : `Not valid: ${oneLine(folder)}`)
        for (const flaw of flaws) io.out(`  - ${oneLine(flaw)}`)
      }
    return checked.every(({ flaws }) => flaws.length === 0) ? 0 : 1
  })
