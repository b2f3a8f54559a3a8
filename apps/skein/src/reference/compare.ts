import type { Io } from "../io.ts"
import type { Surface } from "../parity/surface.ts"
import { path } from "../session/request.ts"
import { type Reference, readReference } from "./record.ts"

/** What two records differ in. */
export interface Difference {
  readonly kind: "command" | "flag" | "feature" | "schema" | "version"
  readonly change: "added" | "removed" | "changed"
  readonly name: string
}

/** From the older to the newer. */
export function differences(older: Reference, newer: Reference): readonly Difference[] {
  return [
    ...(older.version === newer.version
      ? []
      : [{ kind: "version", change: "changed", name: `${older.version} → ${newer.version}` } as const]),
    ...changed("command", commandsOf(older), commandsOf(newer)),
    ...changed("flag", flagsOf(older), flagsOf(newer)),
    ...changed("feature", new Map(Object.entries(older.features)), new Map(Object.entries(newer.features))),
    ...changed("schema", new Map(Object.entries(older.schemas)), new Map(Object.entries(newer.schemas))),
  ]
}

/**
 * Commands and features of a captured program that the surfaces of its name say nothing of: a row is missing there, or the
 * capture is of another version than the rows.
 */
export function unclaimed(
  folder: string,
  surfaces: readonly Pick<Surface, "id" | "rows">[],
  io: Io,
): readonly string[] {
  const reference = readReference(path(folder, io.cwd))
  const known = new Set(surfaces.flatMap(({ rows }) => rows.map(({ id }) => id)))
  const isClaimed = (name: string) => known.has(name) || [...known].some((id) => id.startsWith(`${name} `))
  const commands = [...commandsOf(reference).keys()].filter((name) => name !== "" && !isClaimed(name))
  const head = `${reference.version} (${folder}): ${commandsOf(reference).size - 1} commands, ${commands.length} of them in no row`
  return [head, ...commands.map((name) => `  no row  ${name}`)]
}

function commandsOf({ commands }: Reference): ReadonlyMap<string, string> {
  return new Map(commands.map(({ path }) => [path.join(" "), ""]))
}

function flagsOf({ commands }: Reference): ReadonlyMap<string, string> {
  return new Map(commands.flatMap(({ path, flags }) => flags.map((flag) => [[...path, flag].join(" "), ""] as const)))
}

function changed(
  kind: Difference["kind"],
  older: ReadonlyMap<string, string>,
  newer: ReadonlyMap<string, string>,
): Difference[] {
  const rows = (names: Iterable<string>, change: Difference["change"]) =>
    [...names].map((name) => ({ kind, change, name }))
  return [
    ...rows(
      [...older.keys()].filter((name) => !newer.has(name)),
      "removed",
    ),
    ...rows(
      [...newer.keys()].filter((name) => !older.has(name)),
      "added",
    ),
    ...rows(
      [...older].filter(([name, value]) => newer.has(name) && newer.get(name) !== value).map(([name]) => name),
      "changed",
    ),
  ]
}
