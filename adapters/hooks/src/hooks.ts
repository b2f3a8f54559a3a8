import type {
  HookEvent,
  HookList,
  HookPoint,
  Hooks,
  HooksPort,
  Place,
  PluginsPort,
  ProcessesPort,
} from "@skein/core/ports"
import { infoOf } from "./info.ts"
import type { Found } from "./read/found.ts"
import { KnownHooks } from "./read/known.ts"
import type { Places } from "./read/places.ts"
import { flawText, type HookRow } from "./row.ts"
import { isMeant, type RunnerOptions, runner } from "./runner.ts"
import { NO_TRUST, type TrustFacts, trustOf, type Verdict } from "./trusted.ts"

export interface HooksOptions extends Places, Omit<RunnerOptions, "processes"> {
  readonly processes: ProcessesPort
  readonly plugins?: Pick<PluginsPort, "enabled"> | undefined
  /** What of a folder is trusted. Asked only where a project sets hooks. */
  readonly trust: (path: string) => Promise<TrustFacts>
  /** The person said that hooks of projects run in this run without having been looked at. */
  readonly isTrusting: boolean
  /** Told what of a project is not run for want of that, in a sentence for a person. */
  readonly leaveOut: (cwd: string, sentence: string) => Promise<void>
  /** Tells the person what could not be read. Each sentence once. */
  readonly warn: (sentence: string) => void
}

/** Hooks of files, and what a person asks of them. */
export interface FileHooks extends HooksPort {
  list(place: Place): Promise<HookList>
  /** Ends what still runs beside the turns, and waits for it. */
  close(): Promise<void>
}

export function hooks(options: HooksOptions): FileHooks {
  const run = runner(options)
  const known = new KnownHooks(options)
  const told = new Set<string>()
  const warn = (sentence: string) => {
    if (told.size > TOLD_MAX || told.has(sentence)) return
    told.add(sentence)
    options.warn(options.redact(sentence))
  }

  const pluginsAt = async (place: Place) => (await options.plugins?.enabled(place)) ?? []

  async function judged(place: Place, rows: readonly HookRow[]): Promise<readonly Verdict[]> {
    const isOfProject = rows.some(({ source }) => source.owner === "project")
    const facts = isOfProject && !options.isTrusting ? await options.trust(place.cwd) : NO_TRUST
    return rows.map((row) => trustOf(row, facts, options.isTrusting))
  }

  async function hooksOf(place: Place, { rows, flaws }: Found): Promise<Hooks> {
    for (const flaw of flaws) if (flaw.isQuiet !== true) warn(`A hook is left out. ${flawText(flaw)}`)
    if (rows.length === 0) return NONE
    const verdicts = await judged(place, rows)
    for (const { kind, row, why } of verdicts)
      if (kind === "blocked") warn(`A hook is left out. ${flawText({ ...row.source, why })}`)
    const left = verdicts.filter(({ kind }) => kind === "untrusted").map(({ row }) => row)
    if (left.length > 0) await options.leaveOut(place.cwd, options.redact(untrustedText(left)))
    const runnable = verdicts.filter(({ kind }) => kind === "runs").map(({ row }) => row)
    const events = new Set(runnable.map(({ event }) => event))
    const project = options.projectOf(place.cwd)
    return {
      has: (event: HookEvent) => events.has(event),
      run: (point: HookPoint, signal: AbortSignal) =>
        run.at(runnable, { point, project, root: options.projectOf(point.cwd) }, signal),
      statusOf: (point) => runnable.find((row) => row.status !== undefined && isMeant(row, point))?.status,
    }
  }

  return {
    async at(place): Promise<Hooks> {
      const { found, changed } = known.look(place.cwd, await pluginsAt(place))
      const hooks = await hooksOf(place, found)
      if (changed === undefined) return hooks
      const { files, settle } = changed
      return { ...hooks, changed: { files, settle: ({ isTaken }) => hooksOf(place, settle(isTaken)) } }
    },
    async list(place) {
      const { rows, flaws } = known.now(place.cwd, await pluginsAt(place))
      return {
        hooks: (await judged(place, rows)).map((verdict) => infoOf(verdict, options.redact)),
        flaws: flaws.map(flawText),
      }
    },
    close: run.close,
  }
}

/** More than any person reads. */
const TOLD_MAX = 200

const NONE: Hooks = { has: () => false, run: async () => ({ messages: [], ran: [] }) }

/** For all of a folder: what to do is the same for each. */
function untrustedText(rows: readonly HookRow[]): string {
  const files = [...new Set(rows.map(({ source }) => source.file))]
  const which = rows.length === 1 ? "A hook of this project is" : `${rows.length} hooks of this project are`
  return (
    `${which} not run, because nobody trusts the folder as it is: ${files.join(", ")}. ` +
    "Look: skein hooks list. Then: skein trust accept, or --trust for one run."
  )
}
