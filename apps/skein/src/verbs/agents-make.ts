import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { directories } from "@skein/config"
import { gitRootOf } from "@skein/host"
import { MODES } from "@skein/protocol"
import { hostRequest } from "../session/request.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/** `skein agents make <name>`: a file with a head and a place for instructions. Nothing is overwritten. */
export const run: Run = async ({ flags, words, io }) => {
  const [name, ...more] = words
  if (name === undefined || more.length > 0 || !/^[a-z0-9][\w-]{0,47}$/i.test(name))
    throw new UsageError("agents make takes one name of letters, digits, - and _.")
  const mode = flags.text("mode")
  if (mode !== undefined && !MODES.some((one) => one === mode))
    throw new UsageError(`--mode is one of ${MODES.join(", ")}, not ${JSON.stringify(mode)}.`)
  const { cwd, env, home } = hostRequest(flags, io)
  const isOfProject = flags.has("project")
  const folder = isOfProject ? join(gitRootOf(cwd) ?? cwd, ".skein") : directories(env, home).config
  const file = join(folder, "agents", `${name}.md`)
  if (existsSync(file)) {
    io.err(`skein: ${file} is there already`)
    return 1
  }
  const given = { description: flags.text("description"), tools: flags.text("tools"), model: flags.text("model"), mode }
  mkdirSync(dirname(file), { recursive: true, mode: isOfProject ? 0o755 : 0o700 })
  writeFileSync(file, textOf(name, given), { flag: "wx", mode: isOfProject ? 0o644 : 0o600 })
  io.out(file)
  io.err("note    Write its instructions below the head; skein agents show tells how it is read.")
  if (isOfProject) io.err("note    It is used in a folder that is trusted with it as it is: skein trust accept")
  return 0
}

function textOf(name: string, given: Readonly<Record<string, string | undefined>>): string {
  const { description = "What it is good for: models choose it by this sentence.", ...rest } = given
  const head = Object.entries({ name, description: JSON.stringify(description), ...rest })
  const lines = head.flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]))
  return `---\n${lines.join("\n")}\n---\nSay here what it is to do, how it works, and what its last message must hold.\n`
}
