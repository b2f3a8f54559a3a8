import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { ExecPort } from "@skein/core/ports"
import { lazy, SkeinError } from "@skein/protocol"
import type { Audited } from "./changes-audited.ts"
import { skillsAudited } from "./skills-audited.ts"

/** Gets skills from folders, archives, repositories and npm, and keeps what came from where. */
export interface SkillInstaller {
  /** Gets a source and looks at it; writes nothing that stays. `cwd`: where paths start. Rejects with SkeinError. */
  look(source: string, cwd: string): Promise<FoundSkills>
  /** Puts one of them into a folder of skills. Rejects with SkeinError `op.invalid` where one of its name is. */
  put(skill: OfferedSkill, source: string, folder: string): Promise<InstalledSkill>
  /** Puts it in the place of what is there, all or none. */
  replace(skill: OfferedSkill, before: InstalledSkill): Promise<InstalledSkill>
  remove(folder: string): Promise<void>
  installed(): readonly InstalledSkill[]
  of(folder: string): InstalledSkill | undefined
  /** Whether what lies there is what was installed. */
  isUntouched(skill: InstalledSkill): boolean
  /** What the reference validator would say of a folder; empty when it is valid. Throws SkeinError where there is none. */
  validate(folder: string): readonly string[]
}

export interface FoundSkills {
  readonly source: string
  readonly skills: readonly OfferedSkill[]
  /** Skills that cannot be read, and links that are not taken; sentence parts. */
  readonly broken: readonly string[]
  readonly leftOut: readonly string[]
}

/** A skill that a source brings. */
export interface OfferedSkill {
  readonly facts: {
    readonly name: string
    readonly description: string
    readonly toolsAllowed?: readonly string[] | undefined
    readonly warnings: readonly string[]
  }
  /** The folder in the source; empty where it is all of it. */
  readonly from: string
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[]
  /** What a skill could have run. */
  readonly programs: readonly string[]
  /** Of all paths, modes and bytes. */
  readonly sha256: string
}

/** Where an installed skill came from, and what it was then. */
export interface InstalledSkill {
  /** Absolute. */
  readonly folder: string
  readonly source: string
  readonly from: string
  readonly sha256: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

type Fetch = (url: string, init?: RequestInit) => Promise<Response>

interface Adapter {
  installer(options: {
    readonly fetched: Fetch
    readonly clone: (url: string, ref: string | undefined, into: string) => Promise<void>
    readonly registry: string
    readonly temporary: string
    readonly recordDir: string
    readonly now: () => number
    readonly token: () => string
  }): SkillInstaller
  skeleton(name: string, description: string): string
}

export type LoadInstalling = () => Promise<Adapter>

export interface InstallingOptions {
  readonly load: LoadInstalling
  readonly exec: Pick<ExecPort, "run">
  readonly fetched: Fetch
  /** Where npm's registry is, as npm's own settings have it. */
  readonly registry: string
  readonly dataDir: string
  readonly now: () => number
  readonly audited: Audited
}

export interface SkillInstalling {
  installer(): Promise<SkillInstaller>
  /** The text of a new SKILL.md. Rejects with SkeinError `op.invalid` for a name or a description that is not valid. */
  skeleton(name: string, description: string): Promise<string>
}

/** Nothing is loaded before a person gets or makes a skill. */
export function skillInstallingOf(options: InstallingOptions): SkillInstalling {
  const { load, exec, fetched, registry, dataDir, now, audited } = options
  return {
    installer: lazy(async () =>
      skillsAudited(
        (await load()).installer({
          ...{ fetched, clone: cloning(exec), registry: registry.replace(/\/+$/, ""), temporary: tmpdir(), now },
          ...{ recordDir: join(dataDir, "skills"), token: () => Bun.randomUUIDv7().slice(-12) },
        }),
        audited,
      ),
    ),
    skeleton: async (name, description) => (await load()).skeleton(name, description),
  }
}

/** git, with nothing of a repository run, no program of the person's asked for a password, and only one way out. */
const GIT = [
  ...["env", "GIT_TERMINAL_PROMPT=0", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "LC_ALL=C"],
  ...["GIT_ALLOW_PROTOCOL=https:http", "GIT_ASKPASS=/bin/false", "git"],
  ...["core.hooksPath=/dev/null", "core.fsmonitor=false", "submodule.recurse=false", "gc.auto=0"].flatMap((set) => [
    "-c",
    set,
  ]),
] as const

const TIMEOUT_MS = 180_000
const OUTPUT_BYTES_MAX = 4_000

/** Clones a repository in the sandbox, which may reach that repository's host and nothing else, and is recorded. */
function cloning(exec: Pick<ExecPort, "run">) {
  return async (url: string, ref: string | undefined, into: string): Promise<void> => {
    const { hostname, protocol, port } = new URL(url)
    const wanted = Number(port === "" ? (protocol === "https:" ? 443 : 80) : port)
    const root = dirname(into)
    const branch = ref === undefined ? [] : ["--branch", ref]
    const { exitCode, output } = await exec.run({
      command: [...GIT, "clone", "--quiet", "--depth", "1", "--no-tags", ...branch, "--", url, into],
      ...{ cwd: root, sandbox: "workspace-write", roots: [root], timeoutMs: TIMEOUT_MS, bytesMax: OUTPUT_BYTES_MAX },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      network: async (target) => {
        const isMeant = target.host === hostname.toLowerCase().replace(/^\[|\]$/g, "") && target.port === wanted
        return { isAllowed: isMeant, isPrivateAllowed: isMeant, reason: `only ${hostname} is cloned from` }
      },
    })
    if (exitCode === 0) return
    throw new SkeinError("op.invalid", `Cannot clone ${url}${ref === undefined ? "" : ` at ${ref}`}: ${output.trim()}`)
  }
}
