import { relative } from "node:path"
import { type RunContext, ToolFailure, type ToolResult } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "../define.ts"
import { currentFile } from "../files/change.ts"
import { bounded, diffOf } from "../files/diff.ts"
import { type Place, placeOf, reads } from "../files/place.ts"
import { gitDiff } from "./git-diff.ts"

interface Input {
  readonly path: string
  readonly other?: string | undefined
  readonly against: "head" | "start"
}

interface Places {
  readonly place: Place
  readonly other: Place | undefined
}

const LINES_MAX = 400

/** What differs: between two files, from the last commit, or from when the session began. */
export const diff = defineTool<Input, Places>({
  name: "diff",
  summary: "what differs between two files, from HEAD, or from the session's start",
  description:
    "A unified diff: of path with another file, or of what changed in path (a file or folder) since the last commit or " +
    "since this session began.",
  input: () =>
    z.strictObject({
      path: z.string().default("."),
      other: z.string().optional().describe("the file that path is compared with: its lines are the + lines"),
      against: z
        .enum(["head", "start"])
        .default("head")
        .describe("without other: git's HEAD, or what this session's calls found"),
    }),
  kind: "read",
  effects: ["read"],
  canBeLayered: true,
  isConcurrent: true,
  title: ({ path, other, against }) =>
    `diff ${path} ${other ?? (against === "head" ? "since HEAD" : "since the start")}`,
  paths: ({ path, other }) => (other === undefined ? [path] : [path, other]),
  async plan({ path, other }, world, context) {
    const place = await placeOf(path, world, context)
    const second = other === undefined ? undefined : await placeOf(other, world, context)
    const all = [place, ...(second === undefined ? [] : [second])].map(reads)
    return {
      effects: all.flatMap(({ effects }) => effects),
      actions: all.flatMap(({ actions }) => actions),
      fingerprint: [place.path, second?.path ?? ""].join("\n"),
      prepared: { place, other: second },
    }
  },
  async run({ against }, world, context, { place, other }) {
    if (other !== undefined) return await ofFiles(place, other, world)
    const text = against === "head" ? await gitDiff(place, world, context) : await sinceStart(place, context)
    return resultOf(text, place, against === "head" ? "the last commit" : "this session began")
  },
})

async function ofFiles(place: Place, other: Place, world: ToolWorld): Promise<ToolResult> {
  const [before, after] = await Promise.all([place, other].map((one) => currentFile(one, world)))
  for (const [one, file] of [
    [place, before],
    [other, after],
  ] as const)
    if (file === null || file === undefined) throw new ToolFailure(`There is no file ${one.shown}.`)
  const found = await diffOf(place.shown, before?.bytes ?? null, after?.bytes ?? null, LINES_MAX)
  const isSame = before?.sha256 === after?.sha256
  const text = found.text.replace(/^\+\+\+ .*$/m, `+++ ${other.shown}`)
  const told = isSame ? "" : text === "" ? `${place.shown} and ${other.shown} differ, and one of them is binary.` : text
  return resultOf(told, place, undefined, other)
}

async function sinceStart(place: Place, { sessions }: RunContext): Promise<string> {
  if (sessions.changesSinceStart === undefined) throw new ToolFailure("This session keeps no record of changes.")
  const diffs = await sessions.changesSinceStart()
  return diffs
    .filter(({ path }) => isWithin(path, place.path))
    .map(({ path, diff: text }) =>
      text.startsWith("--- ") ? text : `${relative(place.path, path) || place.shown}: ${text}`,
    )
    .join("\n")
}

function resultOf(text: string, place: Place, since: string | undefined, other?: Place): ToolResult {
  const same =
    other === undefined
      ? `Nothing in ${place.shown} differs since ${since}.`
      : `${place.shown} and ${other.shown} are the same.`
  const shown = text.trim() === "" ? same : bounded(text.replace(/\n$/, "").split("\n"), LINES_MAX)
  const count = (mark: string) =>
    text.split("\n").filter((line) => line.startsWith(mark) && !line.startsWith(mark.repeat(3))).length
  const isTrusted = [place, other ?? place].every((one) => one.isInside && !one.isVendored)
  return {
    forModel: [{ type: "text", text: shown }],
    forHuman: { kind: "diff", body: text.trim() === "" ? "" : shown, summary: `+${count("+")} −${count("-")}` },
    provenance: { source: isTrusted ? "workspace" : place.path, isTrusted },
  }
}
