import { existsSync, readFileSync } from "node:fs"
import { dirname, extname, join, resolve } from "node:path"
import { type CodeQuery, type CodeServer, type Diagnostic, type DiagnosticReport, ToolFailure } from "@skein/core/ports"
import { isWithin, SkeinError, visible } from "@skein/protocol"
import type { CodeOptions } from "../options.ts"
import type { Where } from "../running/pool.ts"
import { programAt } from "../servers/find.ts"
import { jsonIn } from "./answer.ts"
import type { AnyLinter, Finding } from "./row.ts"
import { LINTER_ROWS } from "./rows.ts"

/** What the project's own linters say of files as they are on disk. */
export type Lint = (
  files: readonly string[],
  query: CodeQuery & { readonly waitMs: number },
) => Promise<DiagnosticReport>

const OUTPUT_BYTES_MAX = 4_000_000
const FINDINGS_MAX = 500
const MESSAGE_CHARACTERS_MAX = 1_000
const COMPLAINT_CHARACTERS_MAX = 300

/** Runs those linters that a project configures, where the person trusts it: their settings are programs. */
export function linting(
  options: CodeOptions,
  whereOf: (path: string, query: Pick<CodeQuery, "roots">) => Where | undefined,
): Lint {
  return async (files, query) => {
    const runs = new Map<string, Run>()
    const trusted = new Map<string, Promise<boolean>>()
    const isTrusted = (workspace: string) => {
      const known = trusted.get(workspace) ?? options.isTrusted(workspace)
      trusted.set(workspace, known)
      return known
    }
    for (const file of files) {
      const where = whereOf(file, query)
      if (where?.settings.isEnabled !== true) continue
      for (const linter of LINTER_ROWS) {
        if (where.settings.linters[linter.name] === false || !speaks(linter, file)) continue
        const folder = configuredAbove(linter, dirname(file), where.workspace)
        if (folder === undefined || !(await isTrusted(where.workspace))) continue
        const key = `${linter.name}\0${folder}`
        const run = runs.get(key) ?? { linter, folder, where, files: [] }
        runs.set(key, run)
        run.files.push(file)
      }
    }
    const reports = await Promise.all([...runs.values()].map((run) => ran(run, options, query)))
    return { diagnostics: reports.flatMap((one) => one.diagnostics), late: reports.flatMap((one) => one.late) }
  }
}

/** Those that a folder configures, for telling a person. */
export async function lintersIn(
  root: string,
  options: CodeOptions,
  isTrusted: boolean,
): Promise<readonly CodeServer[]> {
  const { linters } = options.settingsFor(root)
  return LINTER_ROWS.filter((linter) => isConfiguredIn(linter, root)).map((linter) => {
    const about = { name: linter.name, languages: linter.extensions.map((extension) => extension.slice(1)), root }
    if (linters[linter.name] === false) return { ...about, status: "off", note: `lint.${linter.name} is false` }
    if (!isTrusted) return { ...about, status: "off", note: "its settings are the project's: skein trust accept" }
    const search = { path: options.path, workspace: root, root, isTrusted: true }
    return programAt(linter.program, search) === undefined
      ? { ...about, status: "not_installed", note: linter.install }
      : { ...about, status: "idle", note: "runs with each change" }
  })
}

/** Whether there is a linter for such files. */
export function hasLinter(file: string): boolean {
  return LINTER_ROWS.some((linter) => speaks(linter, file))
}

interface Run {
  readonly linter: AnyLinter
  readonly folder: string
  readonly where: Where
  readonly files: string[]
}

async function ran(
  { linter, folder, where, files }: Run,
  { exec, path }: CodeOptions,
  { signal, waitMs }: CodeQuery & { readonly waitMs: number },
): Promise<DiagnosticReport> {
  const program = programAt(linter.program, { path, workspace: where.workspace, root: folder, isTrusted: true })
  if (program === undefined) return failed(linter, `is not here. To get it: ${linter.install}.`)
  try {
    const { output, isTimedOut, exitCode } = await exec.run({
      command: [program, ...linter.arguments(files)],
      cwd: folder,
      sandbox: "read-only",
      roots: where.roots,
      timeoutMs: waitMs,
      signal,
      bytesMax: OUTPUT_BYTES_MAX,
    })
    signal.throwIfAborted()
    if (isTimedOut) return failed(linter, "did not end in time.")
    const found = linter.read(jsonIn(output))
    if (found === undefined)
      return failed(linter, `said nothing that can be read (exit ${exitCode}): ${lastLine(output)}`)
    return { diagnostics: found.slice(0, FINDINGS_MAX).map((one) => diagnosticOf(one, linter, folder)), late: [] }
  } catch (error) {
    if (error instanceof ToolFailure || error instanceof SkeinError)
      return failed(linter, `was not run: ${error.message}`)
    throw error
  }
}

function failed({ name }: AnyLinter, how: string): DiagnosticReport {
  return { diagnostics: [], late: [`The linter ${name} ${how}`] }
}

function lastLine(output: string): string {
  return visible(output.trim().split("\n").at(-1) ?? "").slice(0, COMPLAINT_CHARACTERS_MAX)
}

function diagnosticOf(finding: Finding, { name }: AnyLinter, folder: string): Diagnostic {
  const { file, line, column, lineEnd = line, columnEnd = column, isError, code, message } = finding
  return {
    range: { path: resolve(folder, file), line, column, lineEnd, columnEnd },
    severity: isError ? "error" : "warning",
    message: message.slice(0, MESSAGE_CHARACTERS_MAX),
    source: name,
    ...(code === undefined ? {} : { code: code.slice(0, 100) }),
  }
}

function speaks({ extensions }: AnyLinter, file: string): boolean {
  return extensions.includes(extname(file).toLowerCase())
}

/** The nearest folder from the file's own up to the workspace that configures it. */
function configuredAbove(linter: AnyLinter, folder: string, workspace: string): string | undefined {
  for (let at = folder; isWithin(at, workspace); at = dirname(at)) {
    if (isConfiguredIn(linter, at)) return at
    if (at === workspace || at === dirname(at)) break
  }
  return undefined
}

function isConfiguredIn({ configs, configIn }: AnyLinter, folder: string): boolean {
  if (configs.some((name) => existsSync(join(folder, name)))) return true
  return configIn?.pattern.test(contentOf(join(folder, configIn.file))) === true
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    if (error instanceof Error && "code" in error) return ""
    throw error
  }
}
