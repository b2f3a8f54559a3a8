import { expect, test } from "bun:test"
import { DURABLE_EVENTS, type DurableEvent, ID_PREFIXES, idSchema } from "@skein/protocol"
import { toJSONSchema } from "@skein/protocol/json-schema"
import { SAID } from "./events.ts"

const paths = (text: string): readonly string[] => text.split(/\s+/).filter((path) => path !== "")
const below = (parent: string, fields: string) => paths(fields).map((field) => `${parent}.${field}`)

const PERSONS_INPUT = "text mediaType data name"
const WORKSPACE = below("workspace", "path gitRoot firstCommit")
const SETTINGS =
  "model outputStyle fallbackModel window.model network.allow[] extraRoots[] outputSchema.name outputSchema.schema tools[] toolsDenied[] checks[] compactPrompt " +
  "webSearch.allowedDomains[] webSearch.location.country webSearch.location.region webSearch.location.city webSearch.location.timezone"
const PATTERN = "tool command prefix[] prefix[][] path host"
const EXCEPT = PATTERN.split(" ").map((field) => `except[].${field}`)
const RULE = `${PATTERN} content agent reason source ${EXCEPT.join(" ")}`
/** Dropped as a whole where a string of it holds a secret. */
const SIGNED = below("providerData", "wire provider model data")
/** An image, a place, who answers for it: nothing in them is a sentence of a tool. */
const SETTLEMENT = paths(`
  code forModel[].mediaType forModel[].data forModel[].name artifacts[].id artifacts[].path provenance.source
  network[].host network[].reason confinement`)
const VERSIONS = ["before", "after"].flatMap((side) => below(`changes[].${side}`, "sha256 target"))
const TERMS = ["terms.model", "terms.taint[]", ...below("terms.rules[]", RULE)]
const SECTION = "source path sha256"

/** Strings that come in as they are: hashes, paths, names, what a person said or a call was asked to do. */
const HARMLESS: { readonly [T in DurableEvent["type"]]?: readonly string[] } = {
  "session.created": [
    ...[...WORKSPACE, ...below("settings", SETTINGS), "versions.skein"],
    ...below("source", "format path id sha256"),
    ...below("agent", "name"),
  ],
  "session.changed": ["labels[]", ...WORKSPACE],
  "settings.changed": below("changes", SETTINGS),
  "rule.added": below("rule", RULE),
  "trust.decided": paths("folder items[].kind items[].name items[].sha256"),
  "hook.ran": ["event", "runs[].file"],
  "notice.posted": ["code"],
  "input.queued": [...below("input[]", PERSONS_INPUT), "taint[]", ...TERMS],
  "input.edited": below("input[]", PERSONS_INPUT),
  "turn.started": [...below("input[]", PERSONS_INPUT), "taint[]", "git.branch", "git.sha", ...TERMS],
  "turn.steered": [...below("inputs[].input[]", PERSONS_INPUT), "taint[]"],
  "turn.ended": ["outcome.code", "model"],
  "turn.labelled": ["label"],
  "goal.changed": ["goal"],
  "context.loaded": below("sections[]", SECTION),
  "context.compacted": [...below("sections[]", SECTION), ...below("gists[].section", SECTION)],
  "turn.rerouted": ["code", "from", "model"],
  "usage.recorded": ["model"],
  "step.started": paths("model prefix.system prefix.tools prefix.history breaks[].detail continues"),
  "step.ended": ["model", "requestId", "storedAs", "cacheMiss.detail"],
  "step.discarded": ["code"],
  "item.completed": SIGNED,
  "hosted_call.completed": SIGNED,
  "call.requested": [...paths("name title locations[] input inputText defect.message providerCallId"), ...SIGNED],
  "call.amended": ["input"],
  "call.settled": [
    ...SETTLEMENT,
    ...paths("changes[].path changes[].before changes[].after observed[].path observed[].sha256"),
  ],
  "approval.requested": [
    ...[
      ...paths("agent.name actions[].verb actions[].target digest cwd taint[] writes.paths[]"),
      ...below("rule", RULE),
      ...below("always", RULE),
    ],
    ...below("effects", "changes[].path changes[].before changes[].after network[].host network[].reason"),
  ],
  "approval.resolved": ["feedback"],
  "files.changed": ["changes[].path", ...VERSIONS],
  "files.restored": ["changes[].path", ...VERSIONS, "conflicts[].path"],
  "shell.started": ["command", "cwd"],
  "shell.ended": ["command", ...SETTLEMENT],
  "subagent.started": ["agent"],
  "subagent.ended": paths("agent outcome.code changedPaths[] taint[]"),
  "process.started": paths("name command cwd confinement"),
  "process.matched": paths("name pattern"),
  "process.exited": paths("name signal artifact.id artifact.path"),
}

interface Shape {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: Shape | boolean
  readonly items?: Shape
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
}

const CLOSED: ReadonlySet<unknown> = new Set(["number", "integer", "boolean", "null"])

/** Where in an event there is text, or what may hold some, but for ids and closed words. */
function texts(shape: Shape, path = ""): readonly string[] {
  const { type, properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = shape
  const choices = [...anyOf, ...oneOf]
  if (choices.length > 0) return choices.flatMap((choice) => texts(choice, path))
  if (shape.enum !== undefined || shape.const !== undefined || CLOSED.has(type)) return []
  if (type === "array") return texts(items ?? {}, `${path}[]`)
  if (type !== "object") return [path]
  const open = typeof additionalProperties === "object" ? texts(additionalProperties, `${path}.*`) : []
  const known = Object.entries(properties).flatMap(([key, value]) => texts(value, path === "" ? key : `${path}.${key}`))
  return [...known, ...open]
}

const ID_PATTERNS = new Set(ID_PREFIXES.map((prefix) => String(toJSONSchema(idSchema(prefix)).pattern)))

/** The shapes of all durable events; an id is a number in them, since nothing else fits it. */
const SHAPES = DURABLE_EVENTS.map(({ type, fields }) => {
  const schema = toJSONSchema(fields(), {
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      if (ID_PATTERNS.has(jsonSchema.pattern ?? "")) jsonSchema.type = "number"
    },
  })
  return { type, paths: [...new Set(texts(JSON.parse(JSON.stringify(schema)) as Shape))] }
})

/** A field counts where it holds the text itself, or a list of such. */
const lastKey = (path: string) => path.replaceAll("[]", "").split(".").at(-1) ?? ""

test("every text of a durable event is either looked through for secrets or named as one that needs no look", () => {
  for (const { type, paths } of SHAPES) {
    const left = paths.filter((path) => !SAID[type].has(lastKey(path)))
    expect([type, ...left.toSorted()]).toEqual([type, ...[...new Set(HARMLESS[type] ?? [])].toSorted()])
  }
})

test("every field that is looked through is one that its event has", () => {
  const without = SHAPES.flatMap(({ type, paths }) => {
    const keys = new Set(paths.map(lastKey))
    return [...SAID[type]].filter((field) => !keys.has(field)).map((field) => `${type} ${field}`)
  })
  expect(without).toEqual([])
})
