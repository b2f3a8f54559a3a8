/**
 * The line around an unconfined command. A watcher outside the command's family ends the group when skein is gone, which
 * it learns from standard input: skein holds the other end. Then this shell becomes the command.
 */
const UNCONFINED_LINE = `
{ ( exec 3<&0 >/dev/null 2>&1; ( read -r _ <&3; kill -KILL 0 ) & ) ; }
exec "$@" </dev/null`

/** Namespaces of its own for everything but time; no terminal; nothing outlives skein. */
const NAMESPACES = [
  "--unshare-pid",
  "--unshare-net",
  "--unshare-ipc",
  "--unshare-uts",
  "--unshare-cgroup-try",
  "--new-session",
  "--die-with-parent",
] as const

/**
 * The host keeps what it needs to confine a command once more: namespaces, and the right to drop rights. Its commands
 * keep nothing.
 */
const OF_THE_HOST = ["CAP_SYS_ADMIN", "CAP_SETPCAP"] as const

export const CONFINEMENT = ["--unshare-user", ...NAMESPACES, ...capabilities(OF_THE_HOST)] as const

/**
 * For root in a workspace of somebody else, as in a container that is given a folder: a user namespace knows no owner but
 * its own user, and would make the workspace read-only. The mounts hold as well without.
 */
export const CONFINEMENT_OVER_OWNERS = [
  ...NAMESPACES,
  ...capabilities([...OF_THE_HOST, "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_CHOWN"]),
] as const

/** The same as bits, of what commands keep then: chown is 0, dac_override 1, fowner 3. */
export const OVER_OWNERS_BITS = 0b1011

function capabilities(names: readonly string[]): readonly string[] {
  return ["--cap-drop", "ALL", ...names.flatMap((name) => ["--cap-add", name])]
}

/** A shell line, or a program and its arguments, as a program and its arguments. */
export function programOf(command: string | readonly string[], shell: string): readonly string[] {
  // Not a login shell, no start-up files: they are slow, and they are not part of what was approved.
  return typeof command === "string" ? [shell, "-c", command] : command
}

/** Where a program may be, in the order in which it is looked for. */
export function candidatesOf(program: string, path: string): readonly string[] {
  return program.includes("/") ? [program] : path.split(":").map((folder) => `${folder}/${program}`)
}

/** `mark` tells the watcher from what the command left. */
export function unconfinedArguments(program: readonly string[], mark: string): string[] {
  return ["/bin/sh", "-c", UNCONFINED_LINE, mark, ...program]
}
