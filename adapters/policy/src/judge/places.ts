import { posix } from "node:path"
import { HOMES, RUNS_LATER, RUNS_LATER_AT_HOME, secretStores } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import { componentsMeet, partsOf } from "../rules/paths.ts"
import type { Kind } from "./modes.ts"

/** Where a path lies, for the judge. Pure: it knows names, and leaves links to whoever made the plan. */
export interface Places {
  kindOfRead(path: string, facts: Place): Kind
  /** Stores of keys that a text names, as code and lines with variables do. */
  storesIn(text: string): readonly string[]
  kindOfWrite(path: string, facts: Place): { readonly kind: Kind; readonly why?: string | undefined }
}

export interface Place {
  /** Undefined when the plan says so itself, in `isInside`. */
  readonly roots?: readonly string[] | undefined
  readonly isInside?: boolean | undefined
  /** A command in the sandbox sees the machine's ordinary files, and has a `/tmp` of its own. */
  readonly isConfinedCommand?: boolean | undefined
}

export function places(home: string | undefined): Places {
  const isStore = storesOf(home)
  return {
    kindOfRead(path, facts) {
      if (isStore(path)) return "read_store"
      if (facts.isConfinedCommand === true && (isOwn(path) || isOrdinary(path))) return "read_inside"
      if (!isInside(path, facts)) return "read_outside"
      return isSecretName(path.split("/").at(-1) ?? "") ? "read_secret" : "read_inside"
    },
    storesIn(text) {
      const plain = text.replace(/["'\\]/g, "").replace(/~|\$HOME\b|\$\{HOME\}/g, home ?? "/root")
      return [...new Set(plain.match(/(?:\/[\w.@+*?[\]-]+)+/g) ?? [])].filter(isStore)
    },
    kindOfWrite(path, facts) {
      if (NOWHERE.has(path)) return { kind: "nothing" }
      if (facts.isConfinedCommand === true && isOwn(path)) return { kind: "nothing" }
      const why = runsLater(path, facts.roots ?? [], home)
      if (why !== undefined) return { kind: "write_later", why }
      return { kind: isInside(path, facts) ? "write_inside" : "write_outside" }
    },
  }
}

/** What is written there is gone, or is the command's own output. */
const NOWHERE = new Set(["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/fd/1", "/dev/fd/2"])

export function isInside(path: string, { roots, isInside: isSaid }: Place): boolean {
  if (roots === undefined) return isSaid === true
  return isPlain(path) && roots.some((root) => isWithin(posix.normalize(path), root))
}

/** Absolute, and without a way up that a link could turn. */
export function isPlain(path: string): boolean {
  return path.startsWith("/") && !path.includes("\0") && !path.split("/").includes("..")
}

/** In the sandbox, `/tmp` is a folder of the command's own. */
const isOwn = (path: string) =>
  isPlain(path) && (NOWHERE.has(path) || ["/tmp", "/var/tmp"].some((top) => isWithin(path, top)))

/** What every program of the machine reads anyway: programs, libraries, documentation, settings that all may read. */
const ORDINARY = [
  ...["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store", "/etc"],
  ...[
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/version",
    "/proc/loadavg",
    "/proc/uptime",
    "/proc/stat",
    "/proc/filesystems",
  ],
  ...["/proc/mounts", "/proc/self/mounts", "/proc/self/status", "/proc/self/cgroup", "/proc/self/limits"],
  ...[
    "/sys/fs/cgroup",
    "/sys/devices/system/cpu",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
    "/dev/random",
    "/dev/stdin",
  ],
]

function isOrdinary(path: string): boolean {
  return isPlain(path) && ORDINARY.some((top) => isWithin(path, top))
}

/** Names under which projects keep secrets. Examples and templates hold none. */
export function isSecretName(name: string): boolean {
  const lower = name.toLowerCase()
  if (/\.(?:example|sample|template|dist|defaults?)$/.test(lower)) return false
  return (
    /^\.env(?:\.[\w.-]+)?$/.test(lower) ||
    /^id_(?:rsa|dsa|ecdsa|ed25519)$/.test(lower) ||
    /\.(?:pem|key|p12|pfx|jks|keystore|kdbx)$/.test(lower) ||
    /^(?:\.netrc|\.pgpass|\.htpasswd|\.git-credentials|credentials\.json|secrets\.(?:json|ya?ml|toml))$/.test(lower)
  )
}

/** Environment and memory of processes; see proc(5). */
const PROCESS =
  /^\/proc\/(?:\d+|self|thread-self|\*|\[[^\]]*\]\*?)(?:\/task\/[^/]+)?\/(?:environ|mem|auxv|maps|smaps|pagemap|syscall|stack|env\*?)/i

function storesOf(home: string | undefined): (path: string) => boolean {
  const MARK = "/~"
  const all = secretStores([MARK])
  const ofHome = all.filter((path) => path.startsWith(`${MARK}/`)).map((path) => partsOf(path.slice(MARK.length)))
  const ofMachine = all.filter((path) => !path.startsWith(`${MARK}/`)).map(partsOf)
  return (path) => {
    const plain = posix.normalize(path.replace(/^\/proc\/(?:self|thread-self|\d+)\/(?:root|cwd)(?=\/)/, ""))
    if (PROCESS.test(plain)) return true
    const parts = partsOf(plain)
    if (ofMachine.some((store) => isAtOrBelow(store, parts))) return true
    const inHome = homeRests(plain, parts, home)
    return inHome.some((rest) => ofHome.some((store) => isAtOrBelow(store, rest)))
  }
}

/** The way below a home folder, for each home folder it may be in. */
function homeRests(path: string, parts: readonly string[], home: string | undefined): readonly (readonly string[])[] {
  const [top = "", , ...below] = parts
  const rests: (readonly string[])[] = []
  if (path.startsWith("~")) rests.push(parts.slice(1))
  if (home !== undefined && home !== "/" && isWithin(path.toLowerCase(), home.toLowerCase())) {
    rests.push(parts.slice(partsOf(home).length))
  }
  if (componentsMeet([top], ["root"]) && parts.length > 1) rests.push(parts.slice(1))
  if (HOMES.parents.some((parent) => componentsMeet([top], partsOf(parent)))) rests.push(below)
  return rests
}

/** By component, wildcards of a command included, upper and lower case alike. */
function isAtOrBelow(store: readonly string[], parts: readonly string[]): boolean {
  return parts.length >= store.length && componentsMeet(store, parts)
}

/** Why something runs, without asking, what is written there. Below a root by any component; in a home by the first. */
export function runsLater(path: string, roots: readonly string[], home: string | undefined): string | undefined {
  const root = roots.find((candidate) => isWithin(path, candidate))
  const parts = named(root === undefined ? path : path.slice(root.length))
  const isOfHome = home !== undefined && isWithin(path, home) && (root === undefined || isWithin(home, root))
  const inHome = isOfHome ? named(path.slice(home.length))[0] : undefined
  for (const part of parts) {
    const why = meant(part, RUNS_LATER)
    if (why !== undefined) return why
  }
  if (inHome !== undefined) {
    const why = meant(inHome, RUNS_LATER_AT_HOME)
    if (why !== undefined) return why
  }
  if (parts.some((part, at) => part.endsWith(".git") && ["hooks", "config"].includes(parts[at + 1] ?? ""))) {
    return RUNS_LATER[".git"]
  }
  return parts.at(-1)?.endsWith(".code-workspace") === true ? "workspace settings of an editor" : undefined
}

/** Without the characters that some file systems leave out, in lower case. */
function named(path: string): readonly string[] {
  return partsOf(path.toLowerCase().replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, ""))
}

function meant(part: string, names: Readonly<Record<string, string>>): string | undefined {
  if (Object.hasOwn(names, part)) return names[part]
  if (!/[*?[{]/.test(part) || !part.startsWith(".")) return undefined
  const found = Object.keys(names).find((name) => componentsMeet([part], [name]))
  return found === undefined ? undefined : names[found]
}
