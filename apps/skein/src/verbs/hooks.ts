import type { HookInfo } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { withHost } from "../session/host.ts"
import { oneLine } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/** `skein hooks list [event]`: what files set, whether it is run, and what is wrong with the files. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { io, flags, words }, host, cwd }) => {
    const [event, ...more] = words
    if (more.length > 0) throw new UsageError(`One event at a time, not ${JSON.stringify(more[0])} as well.`)
    const { hooks, flaws } = await host.hooks.list({ cwd })
    const wanted = hooks.filter((hook) => event === undefined || hook.event.toLowerCase() === event.toLowerCase())
    if (flags.has("json")) {
      io.out(jsonPage({ hooks: wanted, flaws }))
      return 0
    }
    if (!host.config.values.hooks.isEnabled) io.err("note    Hooks are off: hooks.enabled is false in the settings.")
    else if (wanted.length === 0) io.err("note    No file sets a hook here. See docs/hooks.md for how to write one.")
    const names = new Map([
      [`${cwd}/`, ""],
      [`${host.directories.config}/`, "config: "],
    ])
    for (const hook of wanted) for (const line of linesOf(hook, (file) => shortened(file, names))) io.out(line)
    for (const flaw of flaws) io.err(`note    ${oneLine(flaw)}`)
    const untrusted = wanted.filter(({ state }) => state === "untrusted").length
    if (untrusted > 0) io.err("note    What is not trusted is not run: skein trust accept, or --trust for one run.")
    return 0
  })

function linesOf(hook: HookInfo, fileOf: (file: string) => string): readonly string[] {
  const matcher = hook.matcher === undefined || hook.matcher === "" ? "*" : hook.matcher
  const condition = hook.condition === undefined ? "" : `  if ${hook.condition}`
  const how = [
    hook.type,
    `${hook.timeoutMs / 1_000} s`,
    ...(hook.isAsync ? ["beside the turn"] : []),
    ...(hook.isOnce ? ["once"] : []),
    ...(hook.isConfined ? ["in the sandbox"] : []),
    `told in the words of ${hook.words}`,
  ].join(", ")
  const from = hook.plugin === undefined ? "" : ` (plugin ${hook.plugin})`
  return [
    `${hook.state.padEnd(9)} ${hook.event}  ${oneLine(`${matcher}${condition}`)}`,
    `          ${oneLine(hook.what)}`,
    `          ${how}`,
    `          ${oneLine(`${fileOf(hook.file)}#${hook.place}${from}`)}`,
    ...(hook.why === undefined ? [] : [`          Not run: ${oneLine(hook.why.replace(/\.$/, ""))}.`]),
  ]
}

function shortened(file: string, names: ReadonlyMap<string, string>): string {
  for (const [folder, name] of names) if (file.startsWith(folder)) return `${name}${file.slice(folder.length)}`
  return file
}
