import { accessSync, constants, readFileSync } from "node:fs"
import { join } from "node:path"
import { type MachineFacts, notInstalled, notWorking, type Obstacle } from "./diagnose.ts"
import { landlockVersion } from "./jail/landlock.ts"
import { LANDLOCK_ABI_MIN } from "./jail/rules.ts"
import { CONFINEMENT } from "./launch.ts"
import { lstat, reach, realpath } from "./paths.ts"

export type Probe = Works | ({ readonly kind: "fails" } & Obstacle)

export interface Works {
  readonly kind: "works"
  readonly bwrap: string
  /** The rung. */
  readonly by: string
  /** What it does not hold, when it is not the best. */
  readonly weaker?: string | undefined
  /** 0 when there is no Landlock, or one too old to be of use. */
  readonly landlockAbi: number
}

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

/** Looks for bubblewrap and lets it make every namespace a command will get. About 6 ms. */
export async function probe(bwrapPath: string | undefined, facts = machineFacts()): Promise<Probe> {
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
  if (code !== 0) return { kind: "fails", ...notWorking(facts, said) }
  const landlockAbi = await landlockVersion()
  if (landlockAbi >= LANDLOCK_ABI_MIN) return { kind: "works", bwrap, by: "bubblewrap+landlock+seccomp", landlockAbi }
  return { kind: "works", bwrap, by: "bubblewrap+seccomp", weaker: WITHOUT_LANDLOCK, landlockAbi: 0 }
}

const WITHOUT_LANDLOCK =
  "Without Landlock (Linux 5.19 or newer, with `landlock` among the security modules it was started with) only the mounts keep files closed."

/** A program that others may change is not one to hand the keys to. */
function isTrustworthy(path: string): boolean {
  const real = realpath(path)
  const found = real === undefined ? undefined : lstat(real)
  if (real === undefined || found?.isFile() !== true || (found.mode & 0o022) !== 0) return false
  return reach(() => accessSync(real, constants.X_OK) ?? true) === true
}

function machineFacts(): MachineFacts {
  return { platform: process.platform, read: (path) => reach(() => readFileSync(path, "utf8").trim()) }
}
