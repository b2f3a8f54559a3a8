import { ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "../define.ts"
import { type Place, placeOf } from "../files/place.ts"
import { askedFor } from "./ask.ts"
import { sourceAt, sourcesPlan, sourceText } from "./sources.ts"

interface Input {
  readonly error: string
  readonly context?: string | undefined
  readonly files?: readonly string[] | undefined
}

const FILES_MAX = 10
const FILE_CHARS_MAX = 10_000
const TIMEOUT_MS = 300_000

const Causes = () =>
  z.object({
    causes: z
      .array(
        z.object({
          file: z.string(),
          line: z.int().min(1),
          why: z.string(),
          confidence: z.number().min(0).max(1),
          fix: z.string().nullish(),
        }),
      )
      .max(10),
    unknown: z.string().nullish(),
  })

/** Where an error comes from: another model reads what the stack names, and the files that are given. */
export const bugLocalize = defineTool<Input, readonly Place[]>({
  name: "bug_localize",
  description:
    "Have another model find where an error comes from: give the message with its stack, and files it may be in. The stack's " +
    "own files are read first, ten at most. Gives likely causes with file, line and fix; check them.",
  summary: "another model finds where an error comes from, from its stack and files",
  input: () =>
    z.strictObject({
      error: z.string().min(1).max(50_000),
      context: z.string().max(20_000).optional().describe("What was being done"),
      files: z.array(z.string()).max(FILES_MAX).optional(),
    }),
  kind: "search",
  needs: ["model"],
  effects: ["read"],
  canBeLayered: true,
  isConcurrent: true,
  timeoutMs: TIMEOUT_MS,
  title: ({ error }) => `find the cause of ${error.trim().split("\n", 1)[0]?.slice(0, 80)}`,
  paths: ({ files = [] }) => files,
  async plan({ error, files = [] }, world, context) {
    const named = await existing(stackPaths(error), world, context)
    const paths = [...new Set([...named, ...files])].slice(0, FILES_MAX)
    if (paths.length === 0) {
      throw new ToolFailure("The error names no file of the workspace. Give the files it may come from, as files.")
    }
    const { places, ...planned } = await sourcesPlan(paths, world, context)
    return { ...planned, prepared: places }
  },
  async run({ error, context: doing }, world, context, places) {
    const sources = await Promise.all(places.map((place) => sourceAt(place, world, FILE_CHARS_MAX)))
    const text = [
      `<error>\n${error}\n</error>`,
      ...(doing === undefined ? [] : [`<context>\n${doing}\n</context>`]),
      ...sources.map(sourceText),
    ].join("\n\n")
    const { causes, unknown } = await askedFor(
      { task: "oracle", instructions: GUIDE, text, shape: Causes(), form: FORM },
      context,
    )
    const rows = causes
      .toSorted((a, b) => b.confidence - a.confidence)
      .map(({ file, line, why, confidence, fix }) => {
        return [`${file}:${line} (${Math.round(confidence * 100)} %) ${why}`, ...(fix ? [`  fix: ${fix}`] : [])].join(
          "\n",
        )
      })
    const left = unknown ? [`Not known: ${unknown}`] : []
    const body = rows.length + left.length === 0 ? "No cause was found in these files." : [...rows, ...left].join("\n")
    return {
      forModel: [{ type: "text", text: body }],
      forHuman: { kind: "text", body, summary: `${rows.length} likely causes` },
      provenance: { source: "another model's answer", isTrusted: false },
    }
  },
})

const FORM =
  '{"causes": [{"file": "src/a.ts", "line": 12, "why": "…", "confidence": 0.8, "fix": null}], "unknown": null}'

const GUIDE =
  "You find where an error comes from: the root, not where it shows. Name at most three places, the likeliest first, each with what happens there in this case. fix: the lines to write instead, or null. unknown: what you would have to see to be sure, or null."

/** Paths that a stack names, in its order: of JavaScript, Python, Go, Rust, Java's bare names left out. */
export function stackPaths(error: string): readonly string[] {
  const found = [
    ...error.matchAll(
      /(?:^|[\s("'`@])(?:file:\/\/)?((?:\.{0,2}\/)?[\w@.+/-]+\.[A-Za-z]{1,5})(?::(\d+)|", line \d+|\((\d+))/gm,
    ),
  ].flatMap(([, path]) => path ?? [])
  return [...new Set(found)].filter((path) => !/(^|\/)(node_modules|site-packages)\//.test(path)).slice(0, 50)
}

/** Those of them that are files here: a stack names others, too. */
async function existing(
  paths: readonly string[],
  world: ToolWorld,
  context: Parameters<typeof placeOf>[2],
): Promise<readonly string[]> {
  const found: string[] = []
  for (const path of paths) {
    if (found.length === FILES_MAX) break
    try {
      const place = await placeOf(path, world, context)
      const stat = place.isInside ? await world.files.stat(place.path) : undefined
      if (stat?.kind === "file") found.push(path)
    } catch (error) {
      // What no tool opens is not looked into, whoever names it.
      if (!(error instanceof ToolFailure)) throw error
    }
  }
  return found
}
