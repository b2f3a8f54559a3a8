import { ToolFailure } from "@skein/core/ports"

/** Where a git process looks: never found out by itself, because a child may have written any `.git` into its folder. */
export interface GitPlace {
  /** The folder with HEAD and the index of this one tree, absolute. */
  readonly gitDir: string
  /** Its root, absolute. */
  readonly root: string
}

export interface GitRun {
  readonly code: number
  readonly out: Buffer
  readonly err: string
}

export interface GitOptions {
  readonly input?: string | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Git {
  /** Where files may lie for a moment; absolute. */
  readonly temporary: string
  /** Whatever it ends with. */
  run(place: GitPlace | string, args: readonly string[], options?: GitOptions): Promise<GitRun>
  /** Its output. Throws ToolFailure with git's words when it ends otherwise than with 0. */
  read(place: GitPlace | string, args: readonly string[], options?: GitOptions): Promise<string>
}

/** git, with nothing of a repository run: no hook, no watcher, no program of a submodule, no question. */
export function gitOf(env: Readonly<Record<string, string | undefined>>, temporary: string): Git {
  const run: Git["run"] = async (place, args, { input, env: more, signal } = {}) => {
    const where = typeof place === "string" ? ["-C", place] : [`--git-dir=${place.gitDir}`, `--work-tree=${place.root}`]
    const child = spawned(["git", ...NOTHING_RUNS, ...where, ...args], {
      cwd: typeof place === "string" ? place : place.root,
      env: { ...plain(env), ...QUIET, ...more },
      stdin: input === undefined ? "ignore" : new TextEncoder().encode(input),
      timeout: TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    })
    const [out, err, code] = await Promise.all([child.stdout.bytes(), child.stderr.text(), child.exited])
    signal?.throwIfAborted()
    return { code, out: Buffer.from(out), err }
  }
  return {
    temporary,
    run,
    async read(place, args, options) {
      const { code, out, err } = await run(place, args, options)
      if (code !== 0) throw new ToolFailure(`git ${verbOf(args)} ended with ${code}: ${err.trim().slice(0, WORDS_MAX)}`)
      return out.toString()
    },
  }
}

/** A checkout of a very large repository takes minutes. */
const TIMEOUT_MS = 600_000
const WORDS_MAX = 500

const NOTHING_RUNS = [
  ...["core.hooksPath=/dev/null", "core.fsmonitor=false", "submodule.recurse=false", "diff.ignoreSubmodules=all"],
  ...["gc.auto=0", "maintenance.auto=false", "commit.gpgSign=false", "advice.addEmbeddedRepo=false"],
].flatMap((setting) => ["-c", setting])

const AUTHOR = { NAME: "skein", EMAIL: "skein@localhost" }
const QUIET: Readonly<Record<string, string>> = {
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  LC_ALL: "C",
  ...Object.fromEntries(
    ["AUTHOR", "COMMITTER"].flatMap((role) =>
      Object.entries(AUTHOR).map(([key, value]) => [`GIT_${role}_${key}`, value]),
    ),
  ),
}

/** Without what somebody who started skein told git about another repository. */
function plain(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("GIT_")))
}

function spawned(
  argv: readonly string[],
  options: Omit<Bun.SpawnOptions.SpawnOptions<"ignore", "pipe", "pipe">, "stdin"> & {
    readonly stdin: "ignore" | Uint8Array
  },
) {
  try {
    return Bun.spawn([...argv], { ...options, stdout: "pipe", stderr: "pipe" })
  } catch (cause) {
    throw new ToolFailure("Worktrees need git, which cannot be started here. Install it, or work without isolation.", {
      cause,
    })
  }
}

function verbOf(args: readonly string[]): string {
  return args.find((word) => !word.startsWith("-")) ?? ""
}
