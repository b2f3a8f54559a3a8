import { type CodePort, type CodeQuery, type Diagnostic, type DiagnosticReport, ToolFailure } from "@skein/core/ports"
import { isWithin, SkeinError } from "@skein/protocol"
import { filesBelow } from "./files-below.ts"
import type { Lint } from "./linters/linting.ts"
import { AbsentServer, type ServerFor, type Taken } from "./running/pool.ts"

interface Sources {
  readonly serverFor: ServerFor
  readonly lint: Lint
  /** Files that were changed or asked about so far. */
  known(): readonly string[]
}

/** Diagnostics of files as they are on disk now; of a folder, of what lies below it; of what is known, when none is named. */
export function reporting({ serverFor, lint, known }: Sources): CodePort["diagnostics"] {
  return async (named, query) => {
    const paths = named.length > 0 ? named : known().filter((path) => query.roots.some((root) => isWithin(path, root)))
    if (paths.length === 0)
      return { diagnostics: [], late: ["Nothing was changed or asked about so far: name files or folders."] }
    const { files, note } = await filesBelow(paths)
    const [said, linted] = await Promise.all([ofServers(files, paths, query, serverFor), lint(files, query)])
    const late = [...new Set([...(note === undefined ? [] : [note]), ...said.late, ...linted.late])]
    return { diagnostics: inOrder([...said.diagnostics, ...linted.diagnostics]), late }
  }
}

async function ofServers(
  files: readonly string[],
  named: readonly string[],
  query: CodeQuery & { readonly waitMs: number },
  serverFor: ServerFor,
): Promise<DiagnosticReport> {
  const { groups, late } = await grouped(files, query, serverFor)
  const signal = within(query)
  const reports = await Promise.all(
    groups.map(({ taken, paths }) =>
      reported(
        taken,
        () =>
          taken.work(async (server) => {
            await server.show(paths)
            return await server.diagnose(paths, signal)
          }),
        // Of what merely lies in a folder nobody asked.
        { signal, isTellingAbsent: paths.some((path) => named.includes(path)) },
      ),
    ),
  )
  query.signal.throwIfAborted()
  return merged([{ diagnostics: [], late }, ...reports])
}

/** Files by the server that speaks of them; those whose server cannot be had are named. */
export async function grouped(files: readonly string[], query: Pick<CodeQuery, "roots">, serverFor: ServerFor) {
  const groups = new Map<string, { readonly taken: Taken; readonly paths: string[] }>()
  const late = new Set<string>()
  for (const path of files) {
    try {
      const taken = await serverFor(path, query)
      if (taken === undefined) continue
      const key = `${taken.entry.name}\0${taken.entry.root}`
      const group = groups.get(key) ?? { taken, paths: [] }
      groups.set(key, group)
      group.paths.push(path)
    } catch (error) {
      if (!(error instanceof ToolFailure)) throw error
      late.add(error.message)
    }
  }
  return { groups: [...groups.values()], late: [...late] }
}

/** The time that a question may take. */
export function within({ signal, waitMs }: Pick<CodeQuery, "signal"> & { readonly waitMs: number }): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(waitMs)])
}

/** What a server says, or why it says nothing. `signal` ends the waiting, and not the work. */
export async function reported(
  { entry }: Taken,
  work: () => Promise<readonly Diagnostic[]>,
  { signal, isTellingAbsent }: { readonly signal: AbortSignal; readonly isTellingAbsent: boolean },
): Promise<DiagnosticReport> {
  const stopped = Promise.withResolvers<never>()
  const stop = () => stopped.reject(signal.reason)
  signal.addEventListener("abort", stop, { once: true })
  try {
    signal.throwIfAborted()
    return { diagnostics: await Promise.race([work(), stopped.promise]), late: [] }
  } catch (error) {
    if (error instanceof AbsentServer && !isTellingAbsent) return { diagnostics: [], late: [] }
    if (error instanceof ToolFailure || error instanceof SkeinError) {
      return { diagnostics: [], late: [error.message] }
    }
    if (!signal.aborted) throw error
    const how = entry.state === "running" ? "had not answered in time" : "was still starting"
    return { diagnostics: [], late: [`The language server ${entry.name} ${how}.`] }
  } finally {
    signal.removeEventListener("abort", stop)
  }
}

export function merged(reports: readonly DiagnosticReport[]): DiagnosticReport {
  return {
    diagnostics: reports.flatMap(({ diagnostics }) => diagnostics),
    late: [...new Set(reports.flatMap(({ late }) => late))],
  }
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const rank = { error: 0, warning: 1, info: 2, hint: 3 }
  return diagnostics.toSorted(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      (a.range.path < b.range.path ? -1 : a.range.path > b.range.path ? 1 : 0) ||
      a.range.line - b.range.line ||
      a.range.column - b.range.column,
  )
}
