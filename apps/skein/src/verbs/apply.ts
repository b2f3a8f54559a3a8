import { existsSync, readFileSync } from "node:fs"
import { EXIT } from "@skein/headless"
import { hostRequest, path } from "../session/request.ts"
import { oneLine } from "../tell/visible.ts"
import { Blocked, UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/**
 * `skein apply [-] [--patch-file FILE]`: a unified diff into the folder's files by git, merged where they differ from what it was
 * made for. All of it or nothing, unless it leaves conflicts, which are marked in the files and named.
 */
export const run: Run = async (call) => {
  const { flags, io } = call
  const patch = await patchOf(call)
  const { cwd } = hostRequest(flags, io)
  const env = Object.fromEntries(
    Object.entries(io.env).filter(([name]) => /^(PATH|HOME|LANG|LC_|TMPDIR|XDG_)/.test(name)),
  )
  const git = async (args: readonly string[]) => {
    const child = Bun.spawn(["git", ...NOTHING_RUNS, "apply", ...args, "-"], {
      ...{ cwd, env, stdin: Buffer.from(patch), stdout: "pipe", stderr: "pipe" },
    })
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
    return { code, out, said: `${out}${err}`.trim() }
  }
  const counted = await git(["--numstat"])
  if (counted.code !== 0) throw new UsageError(`That is no patch that git can read: ${counted.said}`)
  const files = counted.out.trim().split("\n")
  const plain = await git(["--check"])
  const isDry = flags.has("dry-run")
  if (isDry && plain.code === 0) return told(files, "would apply cleanly", io)
  if (isDry) return refused("It would not apply cleanly", plain.said, io)
  if (plain.code === 0) {
    const done = await git([])
    return done.code === 0 ? told(files, "applied", io) : refused("It could not be applied", done.said, io)
  }
  const merged = await git(["--3way"])
  if (merged.code === 0) return told(files, "applied, merged with what had changed since", io)
  const isConflict = /with conflicts/.test(merged.said)
  return refused(
    isConflict ? "It was merged, with conflicts that are marked in the files" : "Nothing was applied",
    merged.said,
    io,
  )
}

/** No hook and no watcher of the repository. */
const NOTHING_RUNS = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"]

async function patchOf({ flags, words, rest, io }: VerbCall): Promise<string> {
  const [what, ...more] = [...words, ...rest]
  const file = flags.text("patch-file")
  if (more.length > 0 || (file !== undefined && what !== undefined)) {
    throw new UsageError("One patch at a time: skein apply --patch-file FILE, or skein apply - < FILE.")
  }
  if (file !== undefined) return readPatch(path(file, io.cwd))
  if (what === "-" || (what === undefined && !io.isInputTerminal)) {
    const text = (await io.readInput()) ?? ""
    if (text.trim() !== "") return withNewline(text)
    throw new UsageError("No patch was piped in.")
  }
  if (what === undefined) throw new UsageError("Which patch? skein apply --patch-file FILE, or skein apply - < FILE.")
  if (existsSync(path(what, io.cwd))) throw new UsageError(`To apply a file: skein apply --patch-file ${oneLine(what)}`)
  throw new Blocked(
    `Changes of hosted tasks (${oneLine(what)}) cannot be fetched: this version speaks to no hosted task service. Save the task's diff and run skein apply --patch-file FILE.`,
  )
}

function readPatch(file: string): string {
  try {
    return withNewline(readFileSync(file, "utf8"))
  } catch (cause) {
    const isAbsent = cause instanceof Error && "code" in cause && cause.code === "ENOENT"
    const why = isAbsent ? "there is no such file" : cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`Cannot read the patch ${oneLine(file)}: ${why}.`)
  }
}

/** Without its last newline git takes a patch for torn. */
function withNewline(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`
}

function told(files: readonly string[], what: string, { out }: VerbCall["io"]): number {
  for (const line of files) {
    const [added = "", removed = "", ...name] = line.split("\t")
    out(`${added === "-" ? "binary" : `+${added} -${removed}`}  ${oneLine(name.join("\t"))}`)
  }
  out(`${files.length} ${files.length === 1 ? "file" : "files"} ${what}`)
  return EXIT.completed
}

function refused(what: string, said: string, { err }: VerbCall["io"]): number {
  err(`skein: ${what}:`)
  for (const line of said.split("\n")) err(`  ${line}`)
  return EXIT.failed
}
