import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import { type Sources, type SourcesOptions, type SourcesReport, sources } from "../src/index.ts"

/** A home, a configuration folder and a repository in a folder of their own, gone when the test ends. */
export interface Place extends Disposable {
  readonly root: string
  /** Paths are given and shown relative to `root`. */
  path(path: string): string
  file(path: string, content: string | Uint8Array): void
  folder(path: string): void
  link(path: string, target: string): void
  sources(options?: Partial<SourcesOptions>): Sources
  report(cwd: string, options?: Partial<SourcesOptions>): SourcesReport
  /** Instruction files that a session in `cwd` reads, in order. */
  read(cwd: string, options?: Partial<SourcesOptions>): string[]
  /** `path: reason` of those it does not. */
  refused(cwd: string, options?: Partial<SourcesOptions>): string[]
  /** Files that come up when these paths are touched. */
  touched(cwd: string, paths: readonly string[], roots?: readonly string[]): Promise<string[]>
}

export function place(): Place {
  const made = realpathSync(mkdtempSync(join(tmpdir(), "skein-skills-")))
  // So deep that a repository which the machine's own temporary folder may be is not found from here.
  const root = join(made, ..."abcdefghijklmnopqrstuvwxyz")
  mkdirSync(root, { recursive: true })
  const path = (given: string) => join(root, given)
  const short = (given: string) => relative(root, given)
  const sourcesWith = (options: Partial<SourcesOptions> = {}) =>
    sources({
      env: { TZ: "UTC", SHELL: "/bin/zsh" },
      home: path("home"),
      configDir: path("home/.config/skein"),
      now: () => Date.UTC(2026, 4, 1, 12),
      extraFilesFor: () => [],
      isLoadingProjectFiles: () => true,
      ...options,
    })
  const report = (cwd: string, options?: Partial<SourcesOptions>) =>
    sourcesWith(options).report({ cwd: path(cwd), roots: [path(cwd)] })
  return {
    root,
    path,
    file(name, content) {
      mkdirSync(dirname(path(name)), { recursive: true })
      writeFileSync(path(name), content)
    },
    folder: (name) => void mkdirSync(path(name), { recursive: true }),
    link(name, target) {
      mkdirSync(dirname(path(name)), { recursive: true })
      symlinkSync(target, path(name))
    },
    sources: sourcesWith,
    report,
    read: (cwd, options) =>
      report(cwd, options).sections.flatMap((section) => (section.path === undefined ? [] : [short(section.path)])),
    refused: (cwd, options) =>
      report(cwd, options).refused.map(
        ({ path: refused, reason }) => `${short(refused)}: ${reason.replaceAll(`${root}/`, "")}`,
      ),
    async touched(cwd, paths, roots = []) {
      const context = { cwd: path(cwd), roots: [cwd, ...roots].map(path) }
      const sections = await sourcesWith().touched(paths.map(path), context)
      return sections.map((section) => short(section.path ?? ""))
    },
    [Symbol.dispose]: () => rmSync(made, { recursive: true, force: true }),
  }
}
