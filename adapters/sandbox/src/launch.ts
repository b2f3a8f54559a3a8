/**
 * The line around every confined command. It tells, on descriptor 3, that the confinement stands (`S`), and whether
 * processes were left (`L`) after a moment for those that are only finishing, such as `> >(tee log)`. It outlives a
 * SIGTERM to the group, so that the command has its grace: when this shell ends, all else in the namespace is killed.
 */
const CONFINED_LINE = `
trap : TERM HUP INT
printf S >&3
"$@" 3>&-
code=$?
others() {
  for entry in /proc/[0-9]*; do
    case "\${entry#/proc/}" in 1 | $$) continue ;; esac
    read -r stat 2>/dev/null <"$entry/stat" || continue
    case "\${stat##*) }" in Z* | X*) ;; *) return 0 ;; esac
  done
  return 1
}
if others; then
  for round in 1 2 3; do
    sleep 0.05 2>/dev/null 3>&-
    others || exit $code
  done
  printf L >&3
fi
exit $code`

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

export const CONFINEMENT = ["--unshare-user", ...NAMESPACES, "--cap-drop", "ALL"] as const

/**
 * For root in a workspace of somebody else, as in a container that is given a folder: a user namespace knows no owner but
 * its own user, and would make the workspace read-only. The mounts hold as well without.
 */
export const CONFINEMENT_OVER_OWNERS = [
  ...NAMESPACES,
  "--cap-drop",
  "ALL",
  ...["CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_CHOWN"].flatMap((name) => ["--cap-add", name]),
] as const

/** A shell line, or a program and its arguments, as a program and its arguments. */
export function programOf(command: string | readonly string[], shell: string): readonly string[] {
  // Not a login shell, no start-up files: they are slow, and they are not part of what was approved.
  return typeof command === "string" ? [shell, "-c", command] : command
}

export interface ConfinedLaunch {
  readonly bwrap: string
  readonly confinement: readonly string[]
  readonly mounts: readonly string[]
  readonly cwd: string
  readonly program: readonly string[]
}

export function confinedArguments(launch: ConfinedLaunch): string[] {
  const { bwrap, confinement, mounts, cwd, program } = launch
  return [bwrap, ...confinement, ...mounts, "--chdir", cwd, "--", "/bin/sh", "-c", CONFINED_LINE, "sh", ...program]
}

/** `mark` tells the watcher from what the command left. */
export function unconfinedArguments(program: readonly string[], mark: string): string[] {
  return ["/bin/sh", "-c", UNCONFINED_LINE, mark, ...program]
}
