import { readdirSync, statSync } from "node:fs"
import { basename, join, relative } from "node:path"
import type { PluginValue } from "@skein/core/ports"
import { isValues } from "./manifest/checks.ts"
import type { ReadPlugin } from "./manifest/plugin.ts"
import { jsonAt } from "./manifest/read.ts"

/** What a plugin brings, as a person is shown it before they say yes. */
export interface Brought {
  readonly kind: "skill" | "command" | "agent" | "output_style" | "hook" | "mcp_server" | "extension" | "capability"
  readonly name: string
  /** What it runs, or where it reaches; words of the plugin. */
  readonly does?: string | undefined
}

const DEPTH_MAX = 6

/** Reads the lists and settings of a plugin, never what its programs hold. */
export function broughtBy({ root, parts, capabilities }: ReadPlugin): readonly Brought[] {
  const documents = (kind: Brought["kind"], places: readonly string[]) =>
    places.flatMap((place) => markdownIn(place)).map((name) => ({ kind, name }))
  return [
    ...parts.skills.flatMap((folder) => skillsIn(folder, DEPTH_MAX)).map((name) => ({ kind: "skill" as const, name })),
    ...documents("command", parts.commands),
    ...documents("agent", parts.agents),
    ...documents("output_style", parts.outputStyles),
    ...parts.hooks.flatMap((each) => heldBy(root, each, "hook", hooksIn)),
    ...parts.mcpServers.flatMap((each) => heldBy(root, each, "mcp_server", serversIn)),
    ...parts.extensions.map(({ file }) => ({ kind: "extension" as const, name: relative(root, file) })),
    ...capabilities.map((name) => ({ kind: "capability" as const, name })),
  ]
}

function entriesOf(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function skillsIn(folder: string, depth: number): string[] {
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (stats?.isDirectory() !== true || depth === 0) return []
  const entries = entriesOf(folder)
  if (entries.some(({ name }) => name === "SKILL.md")) return [basename(folder)]
  return entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => skillsIn(join(folder, name), depth - 1))
}

function markdownIn(place: string, prefix = ""): string[] {
  const stats = statSync(place, { throwIfNoEntry: false })
  if (stats?.isFile() === true) return [basename(place).replace(/\.md$/i, "")]
  if (stats?.isDirectory() !== true || prefix.split(":").length > DEPTH_MAX) return []
  return entriesOf(place).flatMap((entry) => {
    if (entry.isDirectory()) return markdownIn(join(place, entry.name), `${prefix}${entry.name}:`)
    return /\.md$/i.test(entry.name) ? [`${prefix}${entry.name.replace(/\.md$/i, "")}`] : []
  })
}

/** What cannot be read is told as such: somebody else might read it. */
function heldBy(
  root: string,
  each: PluginValue,
  kind: Brought["kind"],
  read: (value: unknown) => Brought[],
): Brought[] {
  if ("value" in each) return read(each.value)
  const file = relative(root, each.file)
  const found = jsonAt(root, file)
  if (found === undefined) return []
  return "why" in found ? [{ kind, name: file, does: found.why }] : read(found.value)
}

/** `{hooks: {Event: […]}}`, or the table of events itself. */
function hooksIn(value: unknown): Brought[] {
  const table = isValues(value) && isValues(value.hooks) ? value.hooks : value
  if (!isValues(table)) return []
  return Object.entries(table).flatMap(([event, groups]) =>
    listOf(groups).flatMap((group) =>
      listOf(isValues(group) ? (group.hooks ?? [group]) : []).flatMap((hook) => {
        if (!isValues(hook)) return []
        return [
          { kind: "hook" as const, name: event, does: words(hook.command ?? hook.url ?? hook.prompt ?? hook.type) },
        ]
      }),
    ),
  )
}

function serversIn(value: unknown): Brought[] {
  const table = isValues(value) && isValues(value.mcpServers) ? value.mcpServers : value
  if (!isValues(table)) return []
  return Object.entries(table).map(([name, server]) => ({
    kind: "mcp_server" as const,
    name,
    does: isValues(server)
      ? words(server.command === undefined ? (server.url ?? server.httpUrl) : [server.command, ...listOf(server.args)])
      : undefined,
  }))
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined ? [] : [value]
}

function words(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(" ") : String(value)
}
