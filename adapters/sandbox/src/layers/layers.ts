import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Layer, LayersPort } from "@skein/core/ports"
import { isWithin, lazy, SkeinError } from "@skein/protocol"
import { lstat, realpath } from "../paths.ts"
import { type Entrance, entered, findEntrance, type Overlay } from "./enter.ts"
import { isOwnFolder, type LayerFolder, layersIn, makeLayerFolder } from "./folder.ts"
import { OverlayLayer } from "./layer.ts"
import { type Libc, libc } from "./libc.ts"
import { mountsBelow } from "./mounted.ts"

export interface LayersOptions {
  /** Where layers may lie, the best first: absolute, private, outside of what they lie over. Made when first needed. */
  readonly folders: readonly string[]
  readonly home: string | undefined
  /** Told what a killed skein had left, and what became of it: for the log. */
  readonly onRepaired?: ((sentence: string) => void) | undefined
}

type Availability = Awaited<ReturnType<LayersPort["available"]>>

interface Means {
  readonly entrance: Entrance
  readonly libc: Libc
}

export interface RepairingLayers extends LayersPort {
  /** Finishes or removes what a killed skein left of its layers. Done before anything else; cheap when there is nothing. */
  repair(): Promise<void>
}

/** Layers of overlayfs. Nothing is made or looked at before the first question. */
export function layers(options: LayersOptions): RepairingLayers {
  const repair = lazy(() => repaired(options))
  const means = lazy(async (): Promise<Means | Extract<Availability, { isAvailable: false }>> => {
    if (process.platform !== "linux") {
      return unavailable(
        `Layers need Linux, and this is ${process.platform}.`,
        "Run skein on Linux, or in a container.",
      )
    }
    const [entrance, c] = [findEntrance(), await libc()]
    if (entrance === undefined || c === undefined) {
      const missing = entrance === undefined ? "the programs unshare and mount are" : "the C library is"
      return unavailable(
        `Layers cannot be mounted: ${missing} not where they belong.`,
        "Install the package util-linux.",
      )
    }
    await repair()
    return (await probe(options, { entrance, libc: c })) ?? { entrance, libc: c }
  })

  async function available(): Promise<Availability> {
    const found = await means()
    return "reason" in found ? found : { isAvailable: true }
  }

  async function open(roots: readonly string[]): Promise<Layer> {
    const found = await means()
    if ("reason" in found) throw new SkeinError("sandbox.unavailable", `${found.reason} ${found.cure}`)
    const real = outermost(roots.map((root) => realpath(root) ?? missing(root)))
    for (const root of real) refuseMounts(root)
    const { path, remove } = makeIn(options.folders, real, found.libc)
    const overlays = real.map((root, at) => makeOverlay(root, join(path, String(at))))
    return new OverlayLayer({ id: crypto.randomUUID(), folder: path, remove, overlays, home: options.home, ...found })
  }

  return { available, open, repair }
}

function unavailable(reason: string, cure: string): Extract<Availability, { isAvailable: false }> {
  return { isAvailable: false, reason, cure }
}

async function repaired({ folders, onRepaired }: LayersOptions): Promise<void> {
  const used = folders.filter((folder) => layersIn(folder).length > 0 && isOwnFolder(folder))
  const c = used.length === 0 ? undefined : await libc()
  if (c === undefined) return
  const { repair } = await import("./repair.ts")
  for (const folder of used) for (const sentence of repair(folder, c)) onRepaired?.(sentence)
}

const PROBE_MS = 5_000

/** Really mounts one and really writes in it. Undefined when that works. */
async function probe({ folders }: LayersOptions, means: Means) {
  const failed: string[] = []
  for (const parent of folders) {
    if (!isOwnFolder(parent)) {
      failed.push(`${parent} is not a folder of ours alone`)
      continue
    }
    const said = await probeIn(parent, means)
    if (said === undefined) return undefined
    failed.push(`in ${parent}: ${said}`)
  }
  return unavailable(
    `Layers cannot be mounted here (${failed.join("; ")}).`,
    "User name spaces must be allowed, and skein's data folder must lie on a file system with extended attributes that is no overlay itself.",
  )
}

async function probeIn(parent: string, { entrance, libc: c }: Means): Promise<string | undefined> {
  const folder = makeLayerFolder(parent, c)
  try {
    const root = join(folder.path, "below")
    mkdirSync(root)
    writeFileSync(join(root, "old"), "")
    const overlay = makeOverlay(root, join(folder.path, "0"))
    const script = ["/bin/sh", "-c", 'rm "$1/old" && : >"$1/new"', "sh", root]
    const argv = entered({ entrance, overlays: [overlay], isOverOwners: false }, script)
    const child = Bun.spawn(argv, {
      stdio: ["ignore", "ignore", "pipe"],
      env: {},
      timeout: PROBE_MS,
      killSignal: "SIGKILL",
    })
    const [said, code] = await Promise.all([new Response(child.stderr).text(), child.exited])
    const isRight =
      lstat(join(root, "old"))?.isFile() === true &&
      lstat(join(overlay.folder, "upper", "new"))?.isFile() === true &&
      lstat(join(overlay.folder, "upper", "old"))?.isCharacterDevice() === true
    return code === 0 && isRight ? undefined : (said.trim().split("\n").at(-1) ?? `exit ${code}`)
  } finally {
    folder.remove()
  }
}

/** The upper folder stands in for the root itself, with its permissions and owner. */
function makeOverlay(root: string, folder: string): Overlay {
  for (const path of [folder, ...["lower", "upper", "work"].map((name) => join(folder, name))])
    mkdirSync(path, { mode: 0o700 })
  const stats = statSync(root)
  if (process.getuid?.() === 0)
    for (const name of ["upper", "work"]) chownSync(join(folder, name), stats.uid, stats.gid)
  chmodSync(join(folder, "upper"), stats.mode & 0o7777)
  return { root, folder }
}

function makeIn(folders: readonly string[], roots: readonly string[], c: Libc): LayerFolder {
  const apart = folders.filter((folder) => {
    const real = isOwnFolder(folder) ? realpath(folder) : undefined
    return real !== undefined && !roots.some((root) => isWithin(real, root))
  })
  const [parent] = apart
  if (parent === undefined) {
    throw new SkeinError(
      "sandbox.unavailable",
      `Layers over ${roots.join(", ")} would have to lie in themselves: ${folders.join(", ")}. Open a narrower folder.`,
    )
  }
  return makeLayerFolder(realpath(parent) ?? parent, c)
}

function refuseMounts(root: string): void {
  const [other] = mountsBelow(root)
  if (other === undefined) return
  throw new SkeinError(
    "sandbox.unavailable",
    `A layer over ${root} would not show what is mounted at ${other}. Open a folder without other file systems in it.`,
  )
}

function missing(root: string): never {
  throw new SkeinError("sandbox.unavailable", `Cannot lay anything over ${root}: there is no such folder.`)
}

function outermost(roots: readonly string[]): readonly string[] {
  return roots.filter(
    (root, at) => !roots.some((other, otherAt) => isWithin(root, other) && (root !== other || otherAt < at)),
  )
}
