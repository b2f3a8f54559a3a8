import type { CodePort, CodeQuery, Diagnostic, DiagnosticReport } from "@skein/core/ports"
import { changedLines } from "./changed-lines.ts"
import type { Lint } from "./linters/linting.ts"
import { grouped, merged, reported, within } from "./report.ts"
import { textOf } from "./running/documents.ts"
import type { ServerFor, Taken } from "./running/pool.ts"
import type { LanguageServer } from "./running/server.ts"

interface Sources {
  readonly serverFor: ServerFor
  readonly lint: Lint
  /** Whether anything may have something to say of a file; cheap. */
  isSpokenOf(path: string, query: Pick<CodeQuery, "roots">): boolean
}

interface Introducing extends Pick<CodePort, "beforeChange" | "introduced"> {
  /** Files that were changed and of which nothing was told yet. */
  noted(): readonly string[]
}

/** Files that changed before their server was ready are remembered; this many, the newest. */
const NOTED_MAX = 64
/** Files that were looked at before and that a change may have broken: so many of them are looked at again. */
const NEIGHBOURS_MAX = 6

/** Tells the errors that a change brought from those that were there: the server is shown the file as it was, too. */
export function introducing({ serverFor, lint, isSpokenOf }: Sources): Introducing {
  /** How files were when what was wrong with them was last told: null is one that was not there. */
  const before = new Map<string, string | null>()

  async function beforeChange(paths: readonly string[], query: CodeQuery): Promise<void> {
    for (const path of paths) {
      if (!before.has(path) && isSpokenOf(path, query)) before.set(path, (await textOf(path)) ?? null)
    }
    for (const oldest of [...before.keys()].slice(0, Math.max(0, before.size - NOTED_MAX))) before.delete(oldest)
  }

  async function ofServer(taken: Taken, paths: readonly string[], signal: AbortSignal): Promise<readonly Diagnostic[]> {
    return await taken.work(async (server) => {
      const texts = new Map(
        paths.flatMap((path) => (before.has(path) ? [[path, before.get(path) ?? null] as const] : [])),
      )
      const all = [...paths, ...neighboursOf(server, paths)]
      await server.show([...texts.keys()], texts)
      const unknown = all.filter((path) => server.last(path) === undefined)
      const asked = await server.diagnose(unknown, signal)
      const old = [...asked, ...all.flatMap((path) => (unknown.includes(path) ? [] : (server.last(path) ?? [])))]
      await server.show(paths)
      const now = await server.diagnose(all, signal)
      for (const path of paths) before.delete(path)
      return beyond(now, old)
    })
  }

  return {
    beforeChange,
    noted: () => [...before.keys()],
    async introduced(paths, query) {
      const signal = within(query)
      const lints = linted(paths, new Map(before), query)
      const { groups, late } = await grouped(paths, query, serverFor)
      const reports = groups.map(({ taken, paths: own }) =>
        taken.isReady
          ? reported(taken, () => ofServer(taken, own, signal), { signal, isTellingAbsent: false })
          : Promise.resolve({ diagnostics: [], late: [`The language server ${taken.entry.name} is starting.`] }),
      )
      return merged([{ diagnostics: [], late }, ...(await Promise.all(reports)), await lints])
    },
  }

  /** Linters read from the disk, so what they said before is not known: of errors those on changed lines are told. */
  async function linted(
    paths: readonly string[],
    texts: ReadonlyMap<string, string | null>,
    query: CodeQuery & { readonly waitMs: number },
  ): Promise<DiagnosticReport> {
    const { diagnostics, late } = await lint(paths, query)
    const changed = new Map<string, (line: number) => boolean>()
    for (const path of paths) changed.set(path, changedLines(texts.get(path) ?? null, (await textOf(path)) ?? ""))
    const isNew = ({ range, severity }: Diagnostic) =>
      severity === "error" && changed.get(range.path)?.(range.line) === true
    return { diagnostics: diagnostics.filter(isNew), late }
  }
}

function neighboursOf(server: LanguageServer, paths: readonly string[]): readonly string[] {
  return server.shown.filter((path) => !paths.includes(path)).slice(-NEIGHBOURS_MAX)
}

/** Errors that are there now and were not, whatever line they stand on: an edit above moves all below. */
function beyond(now: readonly Diagnostic[], old: readonly Diagnostic[]): readonly Diagnostic[] {
  const counts = new Map<string, number>()
  for (const one of old) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  return now.filter((one) => {
    if (one.severity !== "error") return false
    const left = counts.get(keyOf(one)) ?? 0
    counts.set(keyOf(one), left - 1)
    return left <= 0
  })
}

function keyOf({ range, code, message }: Diagnostic): string {
  return JSON.stringify([range.path, code, message])
}
