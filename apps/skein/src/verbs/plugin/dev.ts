import { existsSync, realpathSync, watch } from "node:fs"
import { resolve } from "node:path"
import { compose, type Host } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import { hostRequest } from "../../session/request.ts"
import { oneLine } from "../../tell/visible.ts"
import type { Run, VerbCall } from "../../verb.ts"
import { oneWord } from "./told.ts"

type Declared = Awaited<ReturnType<Host["extensions"]["declared"]>>[number]

/** After a change so long nothing else may change before it is looked at. */
const QUIET_MS = 200

/** `skein plugin dev <folder>`: loads the extensions of a plugin, confined, and says what they declare; with `--watch` again with every change. */
export const run: Run = async (call) => {
  const wanted = resolve(call.io.cwd, oneWord(call, "folder of a plugin"))
  if (!existsSync(wanted)) throw new SkeinError("op.invalid", `${wanted} is not there.`)
  const folder = realpathSync(wanted)
  call.io.err(`note    The plugin in ${folder} is run unsigned, in the sandbox, because you say so.`)
  const isLoaded = await told(call, folder)
  if (!call.flags.has("watch")) return isLoaded ? 0 : 1
  for await (const _ of changes(call, folder)) await told(call, folder)
  return 0
}

/** Each time with a host of its own, so that nothing of the last time is kept. */
async function told({ flags, io }: VerbCall, folder: string): Promise<boolean> {
  const request = { ...hostRequest(flags, io), pluginDirs: [folder] }
  const host = compose(request)
  try {
    const declared = await host.extensions.declared({ cwd: request.cwd })
    const own = declared.filter(({ file }) => file.startsWith(`${folder}/`))
    for (const line of own.flatMap(linesOf)) io.out(line)
    if (own.length === 0)
      io.err(`error   No extension of it could be loaded. Its manifest: skein plugin validate ${folder}`)
    return own.length > 0
  } finally {
    await host.close()
  }
}

function linesOf({ file, tools, commands, hooks, flaws, plugin }: Declared): readonly string[] {
  return [
    oneLine(file),
    ...tools.map(({ callName, description }) => `  tool     ${callName}  ${oneLine(description)}`),
    ...commands.map(({ name, summary }) => `  command  /${plugin}:${name}  ${oneLine(summary)}`),
    ...hooks.map(({ event, match }) => `  hook     ${event}${match === undefined ? "" : `  ${oneLine(match)}`}`),
    ...flaws.map((flaw) => `  left out ${oneLine(flaw)}`),
  ]
}

async function* changes({ io }: VerbCall, folder: string): AsyncGenerator<void> {
  let changed = Promise.withResolvers<"changed" | "over">()
  const off = io.onSignal(() => changed.resolve("over"))
  const watching = watch(folder, { recursive: true }, () => changed.resolve("changed"))
  try {
    while ((await changed.promise) === "changed") {
      await Bun.sleep(QUIET_MS)
      changed = Promise.withResolvers()
      yield
    }
  } finally {
    watching.close()
    off()
  }
}
