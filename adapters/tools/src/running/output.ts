import type { ProcessFacts, ProcessOutput } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import { endingOf, sizeOf } from "./words.ts"

/** What may be read of an output at once. */
export const READ_BYTES_MAX = 30_000

/** An output as lines: without what moves a cursor or colours, and of a line that was written over only its last state. */
export function plainText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replace(SEQUENCES, "")
  const lines = text.replaceAll("\r\n", "\n").split("\n")
  return lines.map((line) => line.slice(line.replace(/\r+$/, "").lastIndexOf("\r") + 1)).join("\n")
}

const SEQUENCES =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]/g

/** What there is to read: the screen of a terminal where one can be drawn, else the new text. */
export async function shownOutput(
  facts: ProcessFacts,
  { all, fresh }: { readonly all: () => Uint8Array; readonly fresh: ProcessOutput },
  world: ToolWorld,
  isText: boolean,
): Promise<string> {
  const { columns = 80, rows = 24 } = facts
  if (facts.isPty && !isText && world.screen !== undefined) {
    const screen = await world.screen(all(), { columns, rows })
    return `${screen}\n(the screen, ${columns}x${rows})`
  }
  const text = plainText(fresh.bytes)
  const skipped = fresh.skipped === 0 ? "" : `[${sizeOf(fresh.skipped)} before this are not shown]\n`
  return `${skipped}${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${fresh.bytes.length === 0 ? "(nothing new)" : ""}`.trimEnd()
}

/** `p1 runs, 3.1 kB so far`. */
export function stateOf({ name, exit, bytes, artifact }: ProcessFacts): string {
  if (exit === undefined) return `${name} runs, ${sizeOf(bytes)} so far`
  const whole = artifact === undefined || bytes <= READ_BYTES_MAX ? "" : `; the whole output is in ${artifact.path}`
  return `${name}: ${endingOf(exit)}, ${sizeOf(bytes)}${whole}`
}

/** Whether what a process says may be followed. */
export function provenanceOf({ name, source, confinement }: ProcessFacts) {
  if (source !== undefined) return { source, isTrusted: false }
  return { source: `process ${name}`, isTrusted: confinement !== "none" }
}
