import { directories, loadConfig } from "../src/index.ts"

/** A configuration of files given as text; the project is /code/repo, a git repository. */
export function load(given: {
  readonly user?: string
  readonly project?: string
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly flags?: Readonly<Record<string, unknown>>
  readonly overrides?: readonly string[]
  readonly profile?: string
  readonly permissionProfile?: string
  readonly settingsFile?: string
  readonly beneath?: { readonly file: string; readonly tree: Readonly<Record<string, unknown>> }
  readonly cwd?: string
}) {
  const { user, project, files = {}, env = {}, cwd = "/code/repo", ...rest } = given
  const all: Record<string, string> = { "/code/repo/.git": "", ...files }
  if (user !== undefined) all["/home/me/.config/skein/config.toml"] = user
  if (project !== undefined) all["/code/repo/.skein/config.toml"] = project
  return loadConfig({
    files: { read: (path) => all[path], exists: (path) => path in all },
    env,
    cwd,
    project: cwd,
    home: "/home/me",
    directories: directories(env, "/home/me"),
    ...rest,
  })
}

/** The message of the SkeinError that a load throws. */
export function refusal(given: Parameters<typeof load>[0]): string {
  try {
    load(given)
  } catch (error) {
    if (error instanceof Error && "code" in error) return `${String(error.code)}: ${error.message}`
    throw error
  }
  return "it loaded"
}
