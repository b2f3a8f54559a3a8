import type { EventOf } from "@skein/protocol"
import { asNumber, asText, type Json } from "@skein/protocol/json"
import { textOf } from "./content.ts"

type Settled = EventOf<"call.settled">

/** What a host reads as `tool_use_result`, by the contract's name of the tool. `input` is in the host's words. */
export function toolUseResult(tool: string, input: Json, settled: Settled): unknown {
  const text = textOf(settled.forModel)
  if (settled.outcome !== "success") return `Error: ${text}`
  return (RESULTS[tool] ?? otherResult)(input, settled, text)
}

type Shape = (input: Json, settled: Settled, text: string) => unknown

const RESULTS: Readonly<Record<string, Shape>> = {
  Bash: (_input, settled, text) => ({
    stdout: settled.forHuman?.body ?? text,
    stderr: "",
    interrupted: false,
    isImage: false,
  }),
  Read: (input, settled, text) => {
    const content = settled.forHuman?.kind === "file" ? settled.forHuman.body : withoutNumbers(text)
    const lines = content.split("\n").length
    const startLine = asNumber(input.offset) ?? 1
    return {
      type: "text",
      file: { filePath: asText(input.file_path), content, numLines: lines, startLine, totalLines: lines },
    }
  },
  Write: (input, settled) => ({
    type: settled.changes?.[0]?.kind === "add" ? "create" : "update",
    filePath: asText(input.file_path),
    content: asText(input.content),
    structuredPatch: patchOf(settled),
    originalFile: null,
    userModified: false,
  }),
  Edit: (input, settled) => ({
    filePath: asText(input.file_path),
    oldString: asText(input.old_string),
    newString: asText(input.new_string),
    originalFile: null,
    structuredPatch: patchOf(settled),
    userModified: false,
    replaceAll: input.replace_all === true,
  }),
  MultiEdit: (input, settled) => ({
    filePath: asText(input.file_path),
    edits: input.edits,
    originalFileContents: null,
    structuredPatch: patchOf(settled),
    userModified: false,
  }),
  Glob: (_input, settled, text) => {
    const filenames = linesOf(settled.forHuman?.body ?? text)
    return { durationMs: settled.durationMs, numFiles: filenames.length, filenames, truncated: false }
  },
  Grep: (input, settled, text) => {
    const mode = asText(input.output_mode) ?? "content"
    const content = settled.forHuman?.body ?? text
    const filenames = mode === "files_with_matches" ? linesOf(content) : []
    return { mode, numFiles: filenames.length, filenames, content, numLines: linesOf(content).length }
  },
}

/** The model reads lines with their numbers; the host gets the lines. */
function withoutNumbers(text: string): string {
  return text.replace(/^ *\d+\t/gm, "")
}

function otherResult(_input: Json, settled: Settled, text: string): unknown {
  return settled.forHuman?.body ?? text
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "")
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/

/** The hunks of the unified diffs of a call, as the contract lays them out. */
function patchOf(settled: Settled): readonly Json[] {
  const lines = (settled.changes ?? []).flatMap((change) => (change.diff ?? "").split("\n"))
  const hunks: { head: RegExpExecArray; lines: string[] }[] = []
  for (const line of lines) {
    const head = HUNK.exec(line)
    if (head) hunks.push({ head, lines: [] })
    else if (/^[ +\\-]/.test(line) && !/^(---|\+\+\+) /.test(line)) hunks.at(-1)?.lines.push(line)
  }
  const count = (text: string | undefined) => Number(text ?? 1)
  return hunks.map(({ head, lines: body }) => ({
    oldStart: Number(head[1]),
    oldLines: count(head[2]),
    newStart: Number(head[3]),
    newLines: count(head[4]),
    lines: body,
  }))
}
