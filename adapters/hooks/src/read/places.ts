import { dirname, join } from "node:path"
import type { Source } from "../row.ts"
import type { DialectId } from "../words/dialect.ts"

export interface Places {
  readonly home: string
  /** skein's own configuration; absolute. */
  readonly configDir: string
  /** Where Codex keeps its own; absolute. */
  readonly codexHome: string
  /** Whose files are read besides skein's. */
  readonly imports: (cwd: string) => readonly string[]
  /** The root of the project that a folder lies in, or itself; resolved. */
  readonly projectOf: (cwd: string) => string
  /** False leaves the person's own files unread. */
  readonly isReadingOwn: boolean
}

/** A file that may set hooks. */
export interface Candidate {
  readonly file: string
  readonly dialect: DialectId
  readonly owner: Exclude<Source["owner"], "plugin">
  /** What a project's file may not be outside of. */
  readonly within?: string | undefined
}

/** Names of files by whose they are: the person's beside their home, a project's in each folder of it. */
const OWN: readonly { readonly dialect: DialectId; readonly files: (places: Places) => readonly string[] }[] = [
  { dialect: "skein", files: ({ configDir }) => [join(configDir, "config.toml"), join(configDir, "hooks.json")] },
  { dialect: "claude", files: ({ home }) => [join(home, ".claude/settings.json")] },
  { dialect: "codex", files: ({ codexHome }) => [join(codexHome, "hooks.json"), join(codexHome, "config.toml")] },
]
const OF_PROJECT: readonly { readonly dialect: DialectId; readonly files: readonly string[] }[] = [
  { dialect: "skein", files: [".skein/hooks.json"] },
  { dialect: "claude", files: [".claude/settings.json", ".claude/settings.local.json"] },
  { dialect: "codex", files: [".codex/hooks.json", ".codex/config.toml"] },
]

/** All files that could set hooks for a session in a folder: the person's, then the project's from its root inwards. */
export function candidates(cwd: string, places: Places): readonly Candidate[] {
  const imports = places.imports(cwd)
  const isRead = ({ dialect }: { readonly dialect: DialectId }) => dialect === "skein" || imports.includes(dialect)
  const own = places.isReadingOwn ? OWN.filter(isRead) : []
  const project = places.projectOf(cwd)
  const mine = own.flatMap(({ dialect, files }) =>
    files(places).map((file): Candidate => ({ file, dialect, owner: "person" })),
  )
  const known = new Set(mine.map(({ file }) => file))
  const theirs = foldersBetween(project, cwd)
    // What lies in a home is the person's, also where it is worked in.
    .filter((folder) => folder !== places.home)
    .flatMap((folder) =>
      OF_PROJECT.filter(isRead).flatMap(({ dialect, files }) =>
        files.map((name): Candidate => ({ file: join(folder, name), dialect, owner: "project", within: project })),
      ),
    )
  return [...mine, ...theirs.filter(({ file }) => !known.has(file))]
}

function foldersBetween(outer: string, inner: string): readonly string[] {
  const found = [inner]
  for (let at = inner; at !== outer && at !== dirname(at); at = dirname(at)) found.push(dirname(at))
  return found.includes(outer) ? found.toReversed() : [inner]
}
