import { expect, test } from "bun:test"
import type { SearchHit, SessionTree, TreeTurn } from "@skein/protocol"
import { called, fakeEngine, summary } from "../../../test/ground/fake-engine.ts"
import { CHANGE_FLAGS, DELETE_FLAGS, LIST_FLAGS, NEW_FLAGS, PROMPTS_FLAGS, SEARCH_FLAGS } from "../../session-flags.ts"
import { archiveSessions, changeVisibility, labelSession, renameSession } from "./change.ts"
import { deleteSessions } from "./delete.ts"
import { handoff } from "./handoff.ts"
import { list } from "./list.ts"
import { changeOf } from "./new.ts"
import { prompts } from "./prompts.ts"
import { search } from "./search.ts"
import { drawn } from "./tree.ts"

const HOUR_MS = 3_600_000
const CART = summary({ sessionId: "ses_cart", title: "Fix the cart", turns: 3, labels: ["good"], updatedAt: 0 })
const DOCS = summary({ sessionId: "ses_docs", preview: "read\u001b[2J the\ndocs", turns: 1, updatedAt: -HOUR_MS })

test("a list shows id, age, turns, name and labels, and nothing in it acts on the terminal", async () => {
  const asked: unknown[] = []
  const engine = fakeEngine({
    "sessions.list": (query) => {
      asked.push(query)
      return [CART, DOCS]
    },
  })
  const { call, out } = called(["--label", "good", "-n", "5", "--archived"], LIST_FLAGS, { now: 2 * HOUR_MS })
  expect(await list({ call, engine, cwd: "/repo" })).toBe(0)
  expect(out).toEqual([
    "ses_cart  2 h ago  3 turns  Fix the cart        [good]",
    "ses_docs  3 h ago   1 turn  read\\e[2J the docs",
  ])
  expect(asked).toEqual([{ type: "sessions.list", cwd: "/repo", includesArchived: true, label: "good", limit: 5 }])
})

test("a list of all folders tells them, and as JSON it is what the engine answered", async () => {
  const there = { ...DOCS, cwd: "/elsewhere" }
  const engine = fakeEngine({ "sessions.list": () => [CART, there] })
  const shown = called(["--all"], LIST_FLAGS)
  await list({ call: shown.call, engine, cwd: "/repo" })
  expect(shown.out[1]).toEndWith("/elsewhere")
  const json = called(["--all", "--json"], LIST_FLAGS)
  await list({ call: json.call, engine, cwd: "/repo" })
  expect(JSON.parse(json.out.join("\n"))).toEqual(JSON.parse(JSON.stringify([CART, there])))
})

test("prompts are a line each, of this folder or of all, and nothing in them acts on the terminal", async () => {
  const asked: unknown[] = []
  const found = [{ sessionId: "ses_cart" as const, at: 0, text: "fix\u001b[2J the\ncart" }]
  const engine = fakeEngine({
    "prompts.list": (query) => {
      asked.push(query)
      return query.cwd === "/empty" ? [] : found
    },
  })
  const shown = called(["-n", "5"], PROMPTS_FLAGS, { now: HOUR_MS })
  expect(await prompts({ call: shown.call, engine, cwd: "/repo" })).toBe(0)
  const json = called(["--all", "--json"], PROMPTS_FLAGS)
  await prompts({ call: json.call, engine, cwd: "/repo" })
  const none = called([], PROMPTS_FLAGS)
  await prompts({ call: none.call, engine, cwd: "/empty" })

  expect(shown.out).toEqual(["ses_cart  1 h ago  fix\\e[2J the cart"])
  expect(JSON.parse(json.out.join("\n"))).toEqual(found)
  expect([none.out, none.err]).toEqual([[], ["Nothing was asked in /empty; --all looks in every folder."]])
  expect(asked).toEqual([
    { type: "prompts.list", cwd: "/repo", limit: 5 },
    { type: "prompts.list" },
    { type: "prompts.list", cwd: "/empty" },
  ])
})

test("an empty list says where it looked", async () => {
  const { call, out, err } = called([], LIST_FLAGS)
  await list({ call, engine: fakeEngine({ "sessions.list": () => [] }), cwd: "/repo" })
  expect([out, err]).toEqual([[], ["There is no session for /repo; --all looks in every folder."]])
})

test("a search shows where the words stand, and ends with 1 when they stand nowhere", async () => {
  const hit: SearchHit = { session: CART, snippet: "the \ue000cart\ue001 is\nempty", seq: 4 }
  const found = called(["cart", "empty"], SEARCH_FLAGS)
  const asked: unknown[] = []
  const engine = fakeEngine({
    "sessions.search": (query) => {
      asked.push(query)
      return query.text === "nowhere" ? [] : [hit]
    },
  })
  expect(await search({ call: found.call, engine, cwd: "/repo" })).toBe(0)
  expect(found.out).toEqual(["ses_cart  now  Fix the cart", "    the «cart» is empty"])
  const none = called(["nowhere", "--here"], SEARCH_FLAGS)
  expect([await search({ call: none.call, engine, cwd: "/repo" }), none.err]).toEqual([
    1,
    ["In no session of this folder was said: nowhere"],
  ])
  expect(asked).toEqual([
    { type: "sessions.search", text: "cart empty" },
    { type: "sessions.search", text: "nowhere", cwd: "/repo" },
  ])
  const empty = called([], SEARCH_FLAGS)
  await expect(search({ call: empty.call, engine, cwd: "/repo" })).rejects.toThrow("Search for what?")
})

test("a session is renamed, labelled, archived and shown to others by the ops that say so", async () => {
  const engine = fakeEngine({ "sessions.list": () => [CART, DOCS], "session.tree": () => TREE })
  const at = (...argv: string[]) => {
    const { call } = called(argv, [...CHANGE_FLAGS, { name: "turn", kind: "string", value: "n", summary: "" }])
    return { call, engine, cwd: "/repo" }
  }
  await renameSession(at("Fix the cart", "Mend", "it"))
  await labelSession(at("ses_cart", "a,b", "b"))
  await labelSession(at("ses_cart", "--turn", "2", "good", "try"))
  await archiveSessions(at("ses_cart", "ses_docs"), true)
  await archiveSessions(at("ses_docs"), false)
  await changeVisibility(at("ses_cart", "group"))
  await handoff(at("ses_cart", "go", "on"))
  expect(engine.ops).toEqual([
    { type: "session.change", sessionId: "ses_cart", title: "Mend it" },
    { type: "session.change", sessionId: "ses_cart", labels: ["a", "b"] },
    { type: "turn.label", sessionId: "ses_cart", turnId: "trn_b", label: "good try" },
    { type: "session.change", sessionId: "ses_cart", isArchived: true },
    { type: "session.change", sessionId: "ses_docs", isArchived: true },
    { type: "session.change", sessionId: "ses_docs", isArchived: false },
    { type: "session.change", sessionId: "ses_cart", visibility: "group" },
    { type: "session.handoff", sessionId: "ses_cart", goal: "go on" },
  ])
  await expect(archiveSessions(at("ses_cart", "nothing at all"), true)).rejects.toThrow(
    "Cannot find session nothing at all",
  )
  await expect(changeVisibility(at("ses_cart", "me"))).rejects.toThrow('private, workspace, group, public, not "me"')
  expect(engine.ops).toHaveLength(8)
})

test("what a new session is to be is checked before it is made", () => {
  const { call } = called(["Fix", "it", "-l", "a,b", "-l", "c", "--visibility", "private"], NEW_FLAGS)
  expect(changeOf(call)).toEqual({ title: "Fix it", labels: ["a", "b", "c"], visibility: "private" })
  expect(changeOf(called([], NEW_FLAGS).call)).toEqual({})
})

test("what is to be removed is listed and asked about, and only yes removes it", async () => {
  const engine = fakeEngine({ "sessions.list": () => [CART, DOCS] })
  const answered = async (argv: readonly string[], typed?: readonly string[]) => {
    const { call, out, err } = called(argv, DELETE_FLAGS, { ...(typed === undefined ? {} : { typed }) })
    return { code: await deleteSessions({ call, engine, cwd: "/repo" }), out, err }
  }
  expect(await answered(["ses_cart"], [""])).toEqual({
    code: 1,
    out: ["ses_cart  now  3 turns  Fix the cart  [good]", "Remove 1 session for good? [y/N] "],
    err: ["Nothing was removed."],
  })
  await expect(answered(["ses_cart"])).rejects.toThrow("say --yes to do it")
  expect(engine.ops).toEqual([])
  expect((await answered(["ses_cart"], ["y"])).code).toBe(0)
  expect((await answered(["ses_docs", "--force"])).out).toEqual(["Deleted session ses_docs."])
  expect(engine.ops.map((op) => op.type)).toEqual(["session.delete", "session.delete"])
})

const turn = (facts: Partial<TreeTurn> & Pick<TreeTurn, "turnId" | "beforeSeq">): TreeTurn => ({
  endSeq: facts.beforeSeq + 5,
  at: 0,
  preview: facts.turnId,
  isCurrent: true,
  filesChanged: 0,
  ...facts,
})

/** a, then b that was left with c after it, then d in b's place, then e. */
const TREE: SessionTree = {
  current: "trn_e",
  turns: [
    turn({ turnId: "trn_a", beforeSeq: 1, filesChanged: 2 }),
    turn({ turnId: "trn_b", parentTurnId: "trn_a", beforeSeq: 10, isCurrent: false, label: "good try" }),
    turn({ turnId: "trn_c", parentTurnId: "trn_b", beforeSeq: 20, isCurrent: false }),
    turn({ turnId: "trn_d", parentTurnId: "trn_a", beforeSeq: 30, preview: "d\nof \u001b[1m it" }),
    turn({ turnId: "trn_e", parentTurnId: "trn_d", beforeSeq: 40 }),
  ],
}

test("a tree goes straight down where the conversation went, and the branches that were left stand beside it", () => {
  expect(drawn(TREE, 0, 80)).toEqual([
    "● 1  trn_a  (now, 2 files)",
    "├─○ 2  [good try]  trn_b  (now)",
    "│ ○ 3  trn_c  (now)",
    "● 4  d of \\e[1m it  (now)",
    "* 5  trn_e  (now)",
  ])
})

test("a conversation of 20,000 turns is drawn", () => {
  const turns = Array.from({ length: 20_000 }, (_, at) =>
    turn({ turnId: `trn_${at}`, beforeSeq: at * 10, ...(at === 0 ? {} : { parentTurnId: `trn_${at - 1}` as const }) }),
  )
  expect(drawn({ turns, current: "trn_19999" }, 0, 80)).toHaveLength(20_000)
})

test("a person's narrow terminal shows as much of an id as tells sessions apart, a program the whole of it", async () => {
  const ids = ["ses_01a1f968-155d-72a4-ab4a-a8401d856b87", "ses_01a1f968-155d-72a4-bbbb-a8401d856b87"] as const
  const engine = fakeEngine({ "sessions.list": () => ids.map((sessionId) => ({ ...DOCS, sessionId })) })
  const shown = async (setting: Parameters<typeof called>[2]) => {
    const { call, out } = called([], LIST_FLAGS, setting)
    await list({ call, engine, cwd: "/repo" })
    return out.map((line) => line.split(" ")[0] ?? "")
  }
  expect(await shown({ typed: [] })).toEqual(ids.map((id) => id.slice(0, 27)))
  expect(await shown({ typed: [], columns: 120 })).toEqual([...ids])
  expect(await shown({})).toEqual([...ids])
})
