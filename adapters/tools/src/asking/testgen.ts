import { basename, dirname, extname, join } from "node:path"
import { type RunContext, ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "../define.ts"
import { type Place, placeOf } from "../files/place.ts"
import { askedFor } from "./ask.ts"
import { frameworkNamed, frameworkOf } from "./framework.ts"
import { sourceAt, sourcesPlan, sourceText } from "./sources.ts"

interface Input {
  readonly file: string
  readonly function?: string | undefined
  readonly framework?: string | undefined
  readonly output_file?: string | undefined
}

const FILE_CHARS_MAX = 60_000
const TIMEOUT_MS = 300_000

const Tests = () => z.object({ code: z.string().min(1), notes: z.string() })

/** Tests for a file, written by another model in what the project tests with. Written to a file only by a call that is judged. */
export const testgen = defineTool<Input, Place>({
  name: "testgen",
  description:
    "Have another model write tests for a file, or one function of it, in the project's own test framework (found by itself). " +
    "With output_file they are written there, else given back. Run them, and mend what they claim wrongly.",
  summary: "another model writes tests for a file or function",
  input: () =>
    z.strictObject({
      file: z.string().min(1),
      function: z.string().min(1).max(200).optional(),
      framework: z.string().min(1).max(50).optional(),
      output_file: z.string().min(1).optional(),
    }),
  kind: "read",
  needs: ["model"],
  effects: ["read"],
  timeoutMs: TIMEOUT_MS,
  title: ({ file, function: name }) => `tests for ${file}${name === undefined ? "" : ` ${name}`}`,
  paths: ({ file }) => [file],
  async plan({ file }, world, context) {
    const { places, ...planned } = await sourcesPlan([file], world, context)
    const [place] = places
    if (place === undefined) throw new ToolFailure("Which file?")
    return { ...planned, prepared: place }
  },
  async run({ function: name, framework: said, output_file: output }, world, context, place) {
    const root = context.roots[0] ?? context.cwd
    const framework = said === undefined ? await frameworkOf(place.path, root, world) : frameworkNamed(said)
    if (framework === undefined) {
      throw new ToolFailure(`What ${place.shown} is tested with cannot be told from its project. Name a framework.`)
    }
    const stem = basename(place.path, extname(place.path))
    const usual = join(dirname(place.shown), framework.file(stem, extname(place.path)))
    const source = await sourceAt(place, world, FILE_CHARS_MAX)
    const text = [
      `Framework: ${framework.name}. The tests will stand in ${output ?? usual}, the source in ${place.shown}.`,
      name === undefined ? "Test what it exports." : `Test ${name} alone.`,
      sourceText(source),
    ].join("\n\n")
    const { code, notes } = await askedFor(
      { task: "oracle", instructions: GUIDE, text, shape: Tests(), form: FORM },
      context,
    )
    const told = `${notes.trim()}\nRun them with: ${framework.run}`
    if (output === undefined) return resultOf(`${code}\n\n${told}\nThey would usually stand in ${usual}.`, code)
    return resultOf(`${await written(output, code, context, world)}\n\n${told}`, code)
  },
})

const FORM = '{"code": "…", "notes": "…"}'

const GUIDE =
  "You write tests for code that exists. Test what it promises: ordinary cases, limits, and what must fail. Names are sentences. No mocks where real values do. Import it by the path between the two files. code: the whole test file. notes: what is untested, and what looks like a bug, in two sentences."

function resultOf(text: string, code: string) {
  return {
    forModel: [{ type: "text", text } as const],
    forHuman: { kind: "text", body: code, summary: `${code.split("\n").length} lines of tests` } as const,
    provenance: { source: "another model's tests", isTrusted: false },
  }
}

/** By a call of its own, which is judged and shown like any other. */
async function written(path: string, code: string, context: RunContext, world: ToolWorld): Promise<string> {
  await placeOf(path, world, context)
  const result = await context.call?.("write", { path, content: code.endsWith("\n") ? code : `${code}\n` })
  if (result === undefined) return `They are not written: write this to ${path} yourself.\n\n${code}`
  const said = result.forModel.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")
  return result.outcome === "success" ? said : `They were not written to ${path}: ${said}\n\n${code}`
}
