import { resolve } from "node:path"
import type { CommandRisk } from "@skein/core/ports"
import { RUNS_LATER, RUNS_LATER_AT_HOME } from "@skein/core/ports"

/** Devices that hold nothing: what is written there is gone, or goes to the command's own streams. */
const STREAMS = /^\/dev\/(?:null|zero|stdin|stdout|stderr|tty|full|u?random|fd\/\d+)$/

const DISKS = /^\/dev\/(?:[shv]d[a-z]|nvme|mmcblk|xvd|disk|dm-|mapper|loop|md\d|mem|kmem|port|sg\d|ram|block)/
const SYSTEM =
  /^\/(?:etc|usr|bin|sbin|lib\w*|boot|sys|proc|dev|var\/spool|var\/lib|var\/run|run|root|opt|Library|System)(?:\/|$)/

export function isStream(path: string): boolean {
  return STREAMS.test(path)
}

/** As absolute as can be known. */
export function absolute(path: string, cwd: string | undefined): string {
  return cwd === undefined && !path.startsWith("/") ? path : resolve(cwd ?? "/", path)
}

export interface Places {
  readonly home: string | undefined
  readonly roots: readonly string[]
}

/** What writing there means beyond writing. */
export function dangerOf(path: string, { home, roots }: Places): readonly [CommandRisk, string] | undefined {
  if (isStream(path)) return undefined
  if (DISKS.test(path)) return ["destroy", `it writes to a disk itself: ${path}`]
  const isInside = roots.some((root) => path === root || path.startsWith(`${root}/`))
  const runs = path
    .toLowerCase()
    .split("/")
    .map((part) => (Object.hasOwn(RUNS_LATER, part) ? RUNS_LATER[part] : undefined))
    .find((why) => why !== undefined)
  if (runs !== undefined) return ["escalate", `it writes what runs later (${runs}): ${path}`]
  if (isInside) return undefined
  const atHome =
    home !== undefined && path.startsWith(`${home}/`)
      ? path
          .slice(home.length + 1)
          .split("/")[0]
          ?.toLowerCase()
      : undefined
  const settings =
    atHome !== undefined && Object.hasOwn(RUNS_LATER_AT_HOME, atHome) ? RUNS_LATER_AT_HOME[atHome] : undefined
  if (settings !== undefined) return ["escalate", `it writes what runs later (${settings}): ${path}`]
  return SYSTEM.test(path) ? ["escalate", `it writes to the system: ${path}`] : undefined
}

const REGENERATED = new Set(
  "node_modules __pycache__ .pytest_cache .mypy_cache .ruff_cache .turbo .parcel-cache .next .nuxt .nyc_output .tox .eslintcache .tsbuildinfo htmlcov".split(
    " ",
  ),
)

/** What a build or a test makes again: its name says so, wherever in the path. */
export function isRegenerated(path: string): boolean {
  const parts = path.replace(/\/+$/, "").split("/")
  return !parts.includes("..") && parts.some((part) => REGENERATED.has(part)) && !/[*?[]/.test(parts[0] ?? "")
}
