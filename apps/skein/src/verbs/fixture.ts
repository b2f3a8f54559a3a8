import { existsSync } from "node:fs"
import { withHost } from "../session/host.ts"
import { path } from "../session/request.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/** `skein fixture event-log <file> --events N`: a made-up log, the same bytes for the same seed. */
export const run: Run = (call) =>
  withHost(call, async ({ host }) => {
    const { words, flags, io } = call
    const [what, word, ...more] = words
    if (what !== "event-log" || word === undefined || more.length > 0) {
      throw new UsageError("Only event logs can be made up: skein fixture event-log <file> --events 1000.")
    }
    const file = path(word, io.cwd)
    if (existsSync(file)) throw new UsageError(`There is a file ${file} already; name one that is not there.`)
    const events = count(flags.text("events"), "events", 1_000, 1)
    const { store } = await host.workbench()
    const folder = flags.text("cd")
    const cwd = folder === undefined ? undefined : path(folder, io.cwd)
    store.fixtureLog(file, { events, seed: count(flags.text("seed"), "seed", 1, 0), cwd })
    io.out(file)
    return 0
  })

function count(text: string | undefined, name: string, otherwise: number, min: number): number {
  if (text === undefined) return otherwise
  if (/^\d{1,8}$/.test(text) && Number(text) >= min) return Number(text)
  throw new UsageError(`--${name} takes a whole number of at least ${min}, not ${JSON.stringify(text)}.`)
}
