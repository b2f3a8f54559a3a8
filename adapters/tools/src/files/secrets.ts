import { join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"

/**
 * Refuses keys, tokens and browser profiles, in every mode: nothing a model is asked to do needs their content.
 * `named` is the path as written, made absolute and plain; `real` has its links resolved.
 */
export async function refuseSecrets(named: string, real: string, world: ToolWorld): Promise<void> {
  if (PROCESS.test(real) || PROCESS.test(named)) throw refusal(named, "it shows the environment or memory of a process")
  for (const store of await secretStores(world)) {
    if (isAtOrBelow(named, store) || isAtOrBelow(real, store))
      throw refusal(named, "it is where keys or passwords are kept")
  }
}

const refusal = (path: string, why: string) =>
  new ToolFailure(
    `Refused: ${path} is not opened, whatever the permissions, because ${why}. Ask the person for what you need.`,
  )

/** Environment, memory and the like of any process, this one included; see proc(5). */
const PROCESS =
  /^\/proc\/(?:\d+|self|thread-self)(?:\/task\/\d+)?\/(?:environ|mem|auxv|maps|smaps|pagemap|syscall|stack)$/

/** Case is left out, because some file systems do. */
function isAtOrBelow(path: string, store: string): boolean {
  const [a, b] = [path.toLowerCase(), store.toLowerCase()]
  return a === b || a.startsWith(`${b}/`)
}

const stores = new WeakMap<ToolWorld, Promise<readonly string[]>>()

/** Files and folders that hold keys, as named and as resolved: a store can be a link itself. Resolved once. */
export function secretStores(world: ToolWorld): Promise<readonly string[]> {
  const kept = stores.get(world)
  if (kept !== undefined) return kept
  const found = findStores(world)
  stores.set(world, found)
  return found
}

async function findStores(world: ToolWorld): Promise<readonly string[]> {
  const { home } = world
  const named = [
    ...SYSTEM,
    ...(home === undefined ? [] : IN_HOME.map((path) => join(home, path))),
    ...(world.secrets ?? []),
  ]
  const real = await Promise.all(named.map((path) => realStore(path, world)))
  return [...new Set([...named, ...real])]
}

/** A store that is not there, or cannot be looked at, is still refused by name. */
async function realStore(path: string, world: ToolWorld): Promise<string> {
  try {
    return (await world.files.stat(path)) === undefined ? path : await world.files.resolve(path)
  } catch (error) {
    if (error instanceof ToolFailure) return path
    throw error
  }
}

const SYSTEM = ["/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/ssl/private", "/run/secrets"]

const IN_HOME = [
  ".ssh",
  ".aws",
  ".azure",
  ".gnupg",
  ".netrc",
  ".git-credentials",
  ".password-store",
  ".pgpass",
  ".kube/config",
  ".docker/config.json",
  ".config/gcloud",
  ".config/gh/hosts.yml",
  ".config/op",
  ".local/share/keyrings",
  ".local/share/kwalletd",
  ".mozilla",
  ".config/google-chrome",
  ".config/chromium",
  ".config/BraveSoftware",
  ".config/microsoft-edge",
  "Library/Keychains",
  "Library/Application Support/Google/Chrome",
  "Library/Application Support/Firefox",
]
