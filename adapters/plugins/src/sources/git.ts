import { mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import { refused, shown } from "../files.ts"
import type { Reach } from "./download.ts"
import { addressOf } from "./source.ts"

export interface GitOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where the copy lies for a moment; absolute. */
  readonly temporary: string
  readonly reach: Reach
}

/**
 * The files of a repository at a branch, a tag or a commit, in a folder that is taken away after `use`. Nothing of it is run:
 * no hook, no filter, no submodule, and nobody is asked for a password. Rejects with SkeinError `op.invalid`.
 */
export async function withRepository<T>(
  { url, ref }: { readonly url: string; readonly ref?: string | undefined },
  options: GitOptions,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  addressOf(url)
  if (url.startsWith("-") || ref?.startsWith("-") === true) throw refused(`${shown(ref ?? url)} is no name for git.`)
  await announced(url, options.reach)
  const folder = mkdtempSync(join(options.temporary, "skein-plugin-"))
  try {
    const git = (...args: string[]) => run(["-C", folder, ...args], options.env)
    await git("init", "-q")
    await git("fetch", "-q", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", url, ref ?? "HEAD")
    await git("checkout", "-q", "--detach", "FETCH_HEAD")
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** git makes its own connections; that it is about to is recorded, and refused where requests may not go, by asking first. */
async function announced(url: string, reach: Reach): Promise<void> {
  if (!/^https?:/.test(url)) return
  const asked = `${url.replace(/\/$/, "")}/info/refs?service=git-upload-pack`
  const response = await reach(asked, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (cause: unknown) => {
      throw refused(`Nobody answered at ${url}: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
    },
  )
  await response.body?.cancel()
  if (!response.ok) throw refused(`${url} answered ${response.status} when it was asked for a repository.`)
}

const TIMEOUT_MS = 120_000
const WORDS_MAX = 300

const NOTHING_RUNS = [
  ...["core.hooksPath=/dev/null", "core.fsmonitor=false", "submodule.recurse=false", "core.symlinks=false"],
  ...["protocol.allow=never", "protocol.https.allow=always", "protocol.http.allow=always", "protocol.ssh.allow=always"],
  ...["protocol.file.allow=always", "http.followRedirects=false", "credential.helper=", "gc.auto=0"],
  ...["core.attributesFile=/dev/null", "init.templateDir=", "filter.lfs.smudge=", "filter.lfs.required=false"],
].flatMap((setting) => ["-c", setting])

async function run(args: readonly string[], env: GitOptions["env"]): Promise<void> {
  const child = spawned(args, env)
  const [err, code] = await Promise.all([child.stderr.text(), child.exited])
  if (code !== 0) throw refused(`git could not get it: ${err.trim().slice(0, WORDS_MAX) || `it ended with ${code}`}`)
}

function spawned(args: readonly string[], env: GitOptions["env"]) {
  try {
    return Bun.spawn(["git", ...NOTHING_RUNS, ...args], {
      env: {
        ...plain(env),
        GIT_TERMINAL_PROMPT: "0",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        LC_ALL: "C",
      },
      ...{ stdin: "ignore", stdout: "ignore", stderr: "pipe", timeout: TIMEOUT_MS },
    })
  } catch (cause) {
    throw refused("git is not installed here, and this is got with git.", cause)
  }
}

/** What git needs to run and to find a person's ssh keys and proxy; no key of a model among it. */
function plain(env: GitOptions["env"]): Record<string, string> {
  const kept = /^(PATH|HOME|USER|LOGNAME|LANG|SSH_AUTH_SOCK|(https?|all|no)_proxy|SSL_CERT_(FILE|DIR))$/i
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) => (value !== undefined && kept.test(key) ? [[key, value]] : [])),
  )
}
