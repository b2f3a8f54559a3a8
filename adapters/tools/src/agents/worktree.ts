import {
  type MergePlan,
  type OnMergeConflict,
  type PlanContext,
  ToolFailure,
  type ToolResult,
  type Worktree,
} from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool, type Planned, type ToolWorld } from "../define.ts"
import { worktreesIn } from "./delegation.ts"

interface Input {
  readonly action: "list" | "diff" | "merge" | "remove"
  readonly id?: string | undefined
  readonly onConflict: OnMergeConflict
}

type Prepared =
  | { readonly kind: "list"; readonly all: readonly Worktree[] }
  | { readonly kind: "diff" | "remove"; readonly worktree: Worktree }
  | { readonly kind: "merge"; readonly plan: MergePlan }

/** The copies of the repository that agents worked on: what is in them, and what becomes of it. */
export const worktree = defineTool<Input, Prepared>({
  name: "worktree",
  description:
    "The copies of the repository that agents worked on. diff shows what one changed; merge writes it here, line by line " +
    "with what changed here since, and can be undone; remove takes it away, its branch stays if it was not merged.",
  summary: "see, merge or remove the copies that agents worked on",
  input: () =>
    z.strictObject({
      action: z.enum(["list", "diff", "merge", "remove"]),
      id: z.string().optional(),
      onConflict: z
        .enum(["refuse", "skip", "mark"])
        .default("refuse")
        .describe("of merge: write nothing, leave out what conflicts, or write both versions between marks"),
    }),
  kind: "edit",
  needs: ["agents"],
  effects: ["write"],
  timeoutMs: 600_000,
  title: ({ action, id }) => `worktree ${action}${id === undefined ? "" : ` ${id}`}`,
  plan: (input, world, context) => planned(input, world, context),
  async run(_, world, { sessionId }, prepared) {
    const port = worktreesIn(world)
    switch (prepared.kind) {
      case "list":
        return listed(prepared.all)
      case "diff":
        return differing(await port.difference(prepared.worktree), prepared.worktree)
      case "remove":
        return said((await port.remove(prepared.worktree, sessionId)).deed, prepared.worktree)
      case "merge":
        await prepared.plan.apply()
        return merged(prepared.plan)
    }
  },
})

async function planned(input: Input, world: ToolWorld, context: PlanContext): Promise<Planned<Prepared>> {
  const port = worktreesIn(world)
  const none = { effects: [{ kind: "none" as const }], actions: [] }
  const isOurs = (one: Worktree) => isOf(one, context.roots)
  if (input.action === "list") return { ...none, prepared: { kind: "list", all: (await port.list()).filter(isOurs) } }
  if (input.id === undefined) throw new ToolFailure(`worktree ${input.action} needs the id of one. See worktree list.`)
  const found = await port.find(input.id)
  if (!isOurs(found))
    throw new ToolFailure(
      `The worktree ${found.id} is of another repository. A person can work on it: skein worktree ${input.action} ${found.id}`,
    )
  if (input.action === "merge") return await planMerge(await port.planMerge(found, input.onConflict), context)
  const actions = [{ verb: input.action, target: found.branch }]
  const prepared = { kind: input.action, worktree: found } as const
  if (input.action === "diff") return { ...none, actions, prepared }
  return { effects: [{ kind: "write", paths: [found.path], isInside: true }], actions, prepared }
}

/** Those of all projects of this machine lie beside each other; a session's model has nothing to do with others' files. */
function isOf({ repository }: Worktree, roots: readonly string[]): boolean {
  return roots.some((root) => isWithin(root, repository) || isWithin(repository, root))
}

/** What a merge writes is judged as any other write: by its paths, and by what would run them later. */
async function planMerge(plan: MergePlan, { roots }: PlanContext): Promise<Planned<Prepared>> {
  const { files, conflicts, worktree: of } = plan
  if (files.length === 0) {
    const why = conflicts.map(({ path, why }) => `${path}: ${why}`).join("\n")
    if (conflicts.length > 0)
      throw new ToolFailure(
        `Nothing was merged, because of ${conflicts.length === 1 ? "a conflict" : `${conflicts.length} conflicts`}:\n${why}\n` +
          'Merge all others with onConflict "skip", or write both versions with "mark"; the whole is on ' +
          `${of.branch}, in ${of.path}.`,
      )
  }
  const { runsLater } = await import("../files/runs-later.ts")
  const later = files.flatMap(({ path }) => runsLater(path.slice(of.repository.length + 1)) ?? [])
  const paths = files.map(({ path }) => path)
  const isInside = paths.every((path) => roots.some((root) => isWithin(path, root)))
  return {
    effects: [{ kind: "write", paths, isInside, ...(later[0] === undefined ? {} : { runsLater: later[0] }) }],
    actions: files.map(({ path, kind, diff }) => ({
      verb: kind === "delete" ? "delete" : "write",
      target: path,
      diff,
    })),
    fingerprint: files.map(({ path, before, after }) => `${path} ${before} ${after}`).join("\n"),
    prepared: { kind: "merge", plan },
  }
}

function merged({ files, conflicts, alikeCount, worktree: of }: MergePlan): ToolResult {
  const lines = files.map(({ path, kind, isMerged }) => {
    const shown = path.slice(of.repository.length + 1)
    return `${{ add: "A", update: "M", delete: "D" }[kind]} ${shown}${isMerged ? " (with what changed here)" : ""}`
  })
  const left = conflicts.map(({ path, why }) => `${path}: ${why}`)
  const text = [
    files.length === 0 ? `Nothing was left to merge of ${of.id}.` : `Merged ${of.id}:`,
    ...lines,
    ...(alikeCount === 0
      ? []
      : [`${alikeCount} more ${alikeCount === 1 ? "file is" : "files are"} the same here already.`]),
    ...(left.length === 0 ? [] : [`Conflicts (the whole is on ${of.branch}):`, ...left]),
  ].join("\n")
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "diff", body: files.map(({ diff }) => diff).join("\n"), summary: `${files.length} files merged` },
    changes: files.map(({ path, kind, before, after, diff }) => ({ path, kind, before, after, diff })),
    provenance: { source: `worktree ${of.id}`, isTrusted: true },
  }
}

function listed(all: readonly Worktree[]): ToolResult {
  const lines = all.map(
    ({ id, agent, branch, repository, isMerged, isOwned, description }) =>
      `${id}  ${agent}  ${isMerged ? "merged" : isOwned ? "in use" : "left behind"}  ${branch}  ${repository}  ${description}`,
  )
  return text(lines.length === 0 ? "There are no worktrees." : lines.join("\n"), `${all.length} worktrees`)
}

function differing(
  { files, diff }: { readonly files: readonly unknown[]; readonly diff: string },
  of: Worktree,
): ToolResult {
  const body = files.length === 0 ? `Nothing was changed in ${of.id}.` : diff
  return { ...text(body, `${files.length} files`), forHuman: { kind: "diff", body, summary: `${files.length} files` } }
}

function said(deed: string, { id }: Worktree): ToolResult {
  return text(`Removed ${id}: ${deed}.`, "removed")
}

function text(body: string, summary: string): ToolResult {
  return {
    forModel: [{ type: "text", text: body }],
    forHuman: { kind: "text", body, summary },
    provenance: { source: "worktrees", isTrusted: true },
  }
}
