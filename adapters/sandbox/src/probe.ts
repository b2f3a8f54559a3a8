import { accessSync, constants, readFileSync } from "node:fs"
import { join } from "node:path"
import { type MachineFacts, notInstalled, notWorking, type Obstacle, withoutSeccomp } from "./diagnose.ts"
import { hasSeccomp, landlockVersion } from "./jail/kernel.ts"
import { LANDLOCK_ABI_MIN } from "./jail/rules.ts"
import { CONFINEMENT } from "./launch.ts"
import { lstat, reach, realpath } from "./paths.ts"

export type Probe = Works | ({ readonly kind: "fails" } & Obstacle)

/** A rung of the ladder that this machine can give. */
export type Works = {
  readonly kind: "works"
  /** Its name. */
  readonly by: string
  /** What it does not hold, when it is not the best. */
  readonly weaker?: string | undefined
  /** 0 when there is no Landlock, or one too old to be of use. */
  readonly landlockAbi: number
} & ({ readonly rung: "bubblewrap"; readonly bwrap: string } | { readonly rung: "landlock" })

/** Never the workspace's PATH: a checkout could bring its own bwrap. */
const SYSTEM_FOLDERS = [
  "/usr/bin",
  "/bin",
  "/usr/local/bin",
  "/usr/sbin",
  "/run/current-system/sw/bin",
  "/run/wrappers/bin",
]

const PROBE_MS = 5_000

/**
 * The best rung that this machine can give: bubblewrap, really tried with every namespace a command will get, with
 * Landlock and seccomp; these two alone; none. About 6 ms.
 */
export async function probe(bwrapPath: string | undefined, facts = machineFacts()): Promise<Probe> {
  const [tried, landlockAbi, isFiltering] = await Promise.all([
    tryBubblewrap(bwrapPath, facts),
    facts.landlockAbi(),
    facts.hasSeccomp(),
  ])
  if (!isFiltering) return { kind: "fails", ...withoutSeccomp(facts, tried.kind === "fails" ? tried : undefined) }
  if (tried.kind === "works") {
    const { bwrap } = tried
    return landlockAbi >= LANDLOCK_ABI_MIN
      ? { kind: "works", rung: "bubblewrap", bwrap, by: "bubblewrap+landlock+seccomp", landlockAbi }
      : { kind: "works", rung: "bubblewrap", bwrap, by: "bubblewrap+seccomp", weaker: WITHOUT_LANDLOCK, landlockAbi: 0 }
  }
  if (landlockAbi < LANDLOCK_ALONE_ABI_MIN) return tried
  const weaker = `${tried.reason} ${tried.cure} Until then: ${withoutBubblewrap(landlockAbi)}`
  return { kind: "works", rung: "landlock", by: "landlock+seccomp", weaker, landlockAbi }
}

type Tried = { readonly kind: "works"; readonly bwrap: string } | ({ readonly kind: "fails" } & Obstacle)

export async function tryBubblewrap(bwrapPath: string | undefined, facts: MachineFacts): Promise<Tried> {
  const searched = bwrapPath === undefined ? SYSTEM_FOLDERS.map((folder) => join(folder, "bwrap")) : [bwrapPath]
  const bwrap = facts.platform === "linux" ? searched.find(isTrustworthy) : undefined
  if (bwrap === undefined)
    return { kind: "fails", ...notInstalled(facts, bwrapPath === undefined ? SYSTEM_FOLDERS : searched) }
  const mounts = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
  const child = Bun.spawn([bwrap, ...CONFINEMENT, ...mounts, "--", "/bin/sh", "-c", "exit 0"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {},
    timeout: PROBE_MS,
    killSignal: "SIGKILL",
  })
  const [said, code] = await Promise.all([new Response(child.stderr).text(), child.exited])
  return code === 0 ? { kind: "works", bwrap } : { kind: "fails", ...notWorking(facts, said) }
}

const WITHOUT_LANDLOCK =
  "Without Landlock (Linux 5.19 or newer, with `landlock` among the security modules it was started with) only the mounts keep files closed."

/** The oldest version that keeps a file from being emptied; alone, Landlock has to. */
const LANDLOCK_ALONE_ABI_MIN = 3

function withoutBubblewrap(abi: number): string {
  const scope = abi >= 6 ? "" : "commands may signal other processes of this user; "
  return `${scope}commands have no /proc, no network at all, and no /tmp of their own; they can change the times and modes of files outside that this user owns; and beside files that are protected, in a workspace or in .git, they can make nothing new, so git cannot commit.`
}

/** A program that others may change is not one to hand the keys to. */
function isTrustworthy(path: string): boolean {
  const real = realpath(path)
  const found = real === undefined ? undefined : lstat(real)
  if (real === undefined || found?.isFile() !== true || (found.mode & 0o022) !== 0) return false
  return reach(() => accessSync(real, constants.X_OK) ?? true) === true
}

export function machineFacts(): MachineFacts {
  const read = (path: string) => reach(() => readFileSync(path, "utf8").trim())
  return {
    platform: process.platform,
    read,
    landlockAbi: landlockVersion,
    hasSeccomp,
  }
}
