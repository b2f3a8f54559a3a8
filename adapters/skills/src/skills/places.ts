import { existsSync } from "node:fs"
import { dirname, isAbsolute, join, resolve } from "node:path"
import type { Skill } from "@skein/core/ports"

/** A folder that holds skills, or is one. */
export interface SkillPlace {
  /** Absolute. */
  readonly folder: string
  readonly scope: Skill["scope"]
  readonly plugin?: string | undefined
  /** Nothing of it lies outside of this folder: absolute. Left out for what is the person's own. */
  readonly within?: string | undefined
}

export interface PlacesOptions {
  readonly home: string
  /** skein's own configuration folder. */
  readonly configDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The root of the project that a folder lies in, or itself. */
  readonly projectOf: (cwd: string) => string
  /** `skills.path` of the settings of a folder. */
  readonly pathsFor: (cwd: string) => readonly string[]
}

/** Where skills of a project stand, the nearest to skein first. */
const PROJECT_FOLDERS = [".skein/skills", ".agents/skills", ".claude/skills", ".codex/skills"]
/** Where an administrator puts them, for Codex too. */
const MACHINE_FOLDER = "/etc/codex/skills"

/** All places that a session in `cwd` looks into, the nearest first: what stands there hides the same name further on. */
export function skillPlaces(cwd: string, options: PlacesOptions): readonly SkillPlace[] {
  const { home, projectOf, pathsFor } = options
  const project = projectOf(cwd)
  const near = foldersUpTo(cwd, project)
    .filter((folder) => folder !== home)
    .flatMap((folder) => PROJECT_FOLDERS.map((name) => join(folder, name)))
    .map((folder): SkillPlace => ({ folder, scope: "project", within: project }))
  const named = pathsFor(cwd).map((path): SkillPlace => ({ folder: absolute(path, { cwd, home }), scope: "user" }))
  return [...near, ...named, ...ownPlaces(options)]
}

/** The person's own, for every project. */
export function ownPlaces({ home, configDir, env }: Pick<PlacesOptions, "home" | "configDir" | "env">): SkillPlace[] {
  const codex = env.CODEX_HOME
  const folders = [
    join(configDir, "skills"),
    join(home, ".agents/skills"),
    join(home, ".claude/skills"),
    join(codex !== undefined && isAbsolute(codex) ? codex : join(home, ".codex"), "skills"),
    MACHINE_FOLDER,
  ]
  return folders.map((folder) => ({ folder, scope: "user" }))
}

/** Whether any of them is there: cheap, so that nothing is loaded where nobody has skills. */
export function isAny(places: readonly SkillPlace[]): boolean {
  return places.some(({ folder }) => existsSync(folder))
}

function foldersUpTo(from: string, to: string): readonly string[] {
  const found = [from]
  for (let at = from; at !== to && at !== dirname(at); at = dirname(at)) found.push(dirname(at))
  return found
}

function absolute(path: string, { cwd, home }: { readonly cwd: string; readonly home: string }): string {
  if (path === "~" || path.startsWith("~/")) return join(home, path.slice(1))
  return resolve(cwd, path)
}
