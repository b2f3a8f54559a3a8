import { existsSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { exportsOf } from "./source/exports.ts"
import { packagesOf } from "./source/packages.ts"
import { readTree } from "./tree.ts"

/** What others build on, as text. Each is compared with `golden/<name>.golden`, so that a change of it is seen in review. */
export interface Surface {
  readonly name: string
  read(root: string): Promise<string>
}

export const SURFACES: readonly Surface[] = [
  { name: "events", read: async (root) => lines(eventsOf(await protocolOf(root))) },
  { name: "ops", read: async (root) => lines(opsOf(await protocolOf(root))) },
  { name: "error-codes", read: async (root) => lines([...(await protocolOf(root)).ERROR_CODES]) },
  { name: "queries", read: async (root) => lines(queriesOf(await protocolOf(root))) },
  { name: "exports", read: async (root) => exportsText(root) },
]

interface ObjectSchema {
  readonly shape: Readonly<Record<string, { safeParse(value: unknown): { success: boolean } }>>
}
interface EventDefinition {
  readonly type: string
  readonly durability: string
  fields(): ObjectSchema
}

interface ProtocolLists {
  readonly DURABLE_EVENTS: readonly EventDefinition[]
  readonly LIVE_EVENTS: readonly EventDefinition[]
  readonly OP_TYPES: readonly string[]
  opSchema(type: string): ObjectSchema
  readonly ERROR_CODES: readonly string[]
  readonly QUERY_TYPES: readonly string[]
  querySchema(type: string): ObjectSchema
}

/** Loaded by path: this package looks at the workspace from outside and depends on none of it. */
async function protocolOf(root: string): Promise<ProtocolLists> {
  return (await import(pathToFileURL(join(root, "packages/protocol/src/index.ts")).href)) as ProtocolLists
}

function eventsOf({ DURABLE_EVENTS, LIVE_EVENTS }: ProtocolLists): string[] {
  const misplaced = [
    ...DURABLE_EVENTS.filter(({ durability }) => durability !== "durable"),
    ...LIVE_EVENTS.filter(({ durability }) => durability !== "live"),
  ]
  if (misplaced.length > 0) throw new Error(`In the wrong list: ${misplaced.map(({ type }) => type).join(", ")}`)
  return [...DURABLE_EVENTS, ...LIVE_EVENTS].map(
    ({ type, durability, fields }) => `${durability.padEnd(7)} ${type}${fieldsOf(fields())}`,
  )
}

function opsOf({ OP_TYPES, opSchema }: ProtocolLists): string[] {
  return OP_TYPES.map((type) => `${type}${fieldsOf(opSchema(type), ["type", "opId"])}`)
}

function queriesOf({ QUERY_TYPES, querySchema }: ProtocolLists): string[] {
  return QUERY_TYPES.map((type) => `${type}${fieldsOf(querySchema(type), ["type"])}`)
}

/** The names of an object's fields, `?` after those that may be left out. */
function fieldsOf({ shape }: ObjectSchema, common: readonly string[] = []): string {
  const names = Object.entries(shape).filter(([name]) => !common.includes(name))
  return names.map(([name, schema]) => ` ${name}${schema.safeParse(undefined).success ? "?" : ""}`).join("")
}

/** One line for each name, with its package, so that a name that moves is seen to move. */
function exportsText(root: string): string {
  const tree = readTree(root)
  const rows = packagesOf(tree).flatMap(({ name, entries }) =>
    [...entries].flatMap(([subpath, file]) =>
      exportsOf(tree.files.get(file) ?? "").map((shown) => `${name}${subpath.slice(1)} ${shown}`),
    ),
  )
  return lines(rows.toSorted())
}

const VERBS = "apps/skein/src/verbs.ts"

/** Whether the command line has its table of verbs yet. */
export function hasVerbs(root: string): boolean {
  return existsSync(join(root, VERBS))
}

/** The help page of every verb, as a person gets it, by the verb's name; "skein" is the page of the program itself. */
export async function helpPages(root: string, home: string): Promise<{ name: string; text: string }[]> {
  const table = (await import(pathToFileURL(join(root, VERBS)).href)) as { VERBS: readonly { name: string }[] }
  const help = async (name: string, words: readonly string[]) => {
    const child = Bun.spawn([process.execPath, join(root, "apps/skein/src/main.ts"), ...words, "--help"], {
      cwd: home,
      env: { HOME: home, PATH: process.env.PATH ?? "", SKEIN_HOME: home, NO_COLOR: "1" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    })
    const [out, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
    if (code !== 0) throw new Error(`skein ${words.join(" ")} --help ended with ${code}: ${errors}`)
    return { name: `help-${name}`, text: out }
  }
  const named = table.VERBS.filter(({ name }) => name !== "")
  return Promise.all([help("skein", []), ...named.map(({ name }) => help(name.replaceAll(" ", "-"), name.split(" ")))])
}

function lines(rows: readonly string[]): string {
  return `${rows.join("\n")}\n`
}
