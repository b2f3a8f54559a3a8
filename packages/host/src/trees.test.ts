import { afterAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Trees, treesIn, trustInTrees } from "./trees.ts"
import type { Trusting } from "./trusting.ts"

const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-trees-")))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const made = (...parts: readonly string[]) => {
  const path = join(root, ...parts)
  mkdirSync(path, { recursive: true })
  return path
}
const repository = made("project")
made("project/sub")
const tree = { repository, path: made("trees/1/project"), cwd: made("trees/1/project/sub") }
const inner = { repository: tree.path, path: made("trees/2/project"), cwd: made("trees/2/project/sub") }
const trees: Trees = treesIn(join(root, "trees"), async () => [tree, inner])

type Said = Awaited<ReturnType<Trusting["trustOf"]>>
const hook = { kind: "hook", name: "a#1", sha256: "1" }
const server = { kind: "mcp", name: "b#1", sha256: "2" }
const other = { ...server, sha256: "3" }

function trustWhere(said: Readonly<Record<string, Partial<Said>>>, refused: readonly string[] = []): Trusting {
  const none = { state: "untrusted", isByPerson: false, items: [], changed: [] } as const
  const trustOf = async (folder: string) => ({ folder, ...none, ...said[folder] })
  return trustInTrees({ trustOf, isRefused: (path) => refused.includes(path) }, () => trees)
}

test("a worktree is a copy of a folder, and one of a worktree is a copy of what that is one of", async () => {
  expect(await trees.originOf(repository)).toBe(repository)
  expect(await trees.originOf(tree.cwd)).toBe(join(repository, "sub"))
  expect(await trees.originOf(inner.cwd)).toBe(join(repository, "sub"))
  expect(await trees.originOf(made("trees/1/project/new"))).toBe(repository)
  expect([trees.isTreeOf(tree.cwd, repository), trees.isTreeOf(tree.cwd, root)]).toEqual([true, false])
})

test("what a person trusts of a repository is trusted in a worktree where it is the same, and nothing else there is", async () => {
  const said = { state: "trusted", decision: "trusted", isByPerson: true } as const
  const trust = trustWhere({
    [join(repository, "sub")]: { ...said, items: [hook, server] },
    [tree.cwd]: { items: [hook, other], changed: [hook, other] },
  })
  expect(await trust.trustOf(tree.cwd)).toEqual({
    ...{ folder: tree.cwd, ...said, state: "changed" },
    ...{ items: [hook], changed: [other] },
  })
})

test("where the person said nothing of the repository, or something of the worktree, that holds", async () => {
  const items = [hook]
  const untrusted = trustWhere({ [tree.cwd]: { items, changed: items }, [join(repository, "sub")]: { items } })
  expect((await untrusted.trustOf(tree.cwd)).isByPerson).toBe(false)
  const own = { decision: "refused", items } as const
  const refused = trustWhere({ [tree.cwd]: own, [join(repository, "sub")]: { items, isByPerson: true } })
  expect(await refused.trustOf(tree.cwd)).toMatchObject({ ...own, isByPerson: false })
})

test("a repository that was refused is refused in its worktrees", () => {
  expect(trustWhere({}, [join(repository, "sub")]).isRefused(tree.cwd)).toBe(true)
  expect(trustWhere({}).isRefused(tree.cwd)).toBe(false)
})
