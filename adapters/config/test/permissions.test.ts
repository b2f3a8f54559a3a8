import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { load } from "./scene.ts"

const USER = `
mode = "auto"
[permission_profiles.review]
mode = "plan"
sandbox = "read-only"
rules = [{tool = "bash", command = "git push *", decision = "deny"}]
[permission_profiles.odd]
effort = "high"
`

function refusal(given: Parameters<typeof load>[0]): string {
  try {
    load(given)
  } catch (error) {
    if (error instanceof SkeinError) return error.message
    throw error
  }
  return "it loaded"
}

test("a permission profile stands above files, variables and profiles, and below flags", () => {
  const values = (given: Parameters<typeof load>[0]) => load({ user: USER, ...given }).values
  expect([values({}).mode, values({ permissionProfile: "review" }).mode]).toEqual(["auto", "plan"])
  expect(values({ permissionProfile: "review", env: { SKEIN_MODE: "full" } }).mode).toBe("plan")
  expect(values({ permissionProfile: "review", flags: { mode: "ask" } }).mode).toBe("ask")
  const { sandbox, rules } = values({ permissionProfile: "review" })
  expect([sandbox, rules.map((rule) => `${rule.scope} ${rule.decision} ${rule.command}`)]).toEqual([
    "read-only",
    ["user deny git push *"],
  ])
})

test("one's own file may choose the permission profile, a project neither chooses nor defines one", () => {
  expect(load({ user: `permission_profile = "review"\n${USER}` }).values.mode).toBe("plan")
  expect(load({ user: USER, env: { SKEIN_PERMISSION_PROFILE: "review" } }).values.mode).toBe("plan")
  expect(load({ user: USER, overrides: ["permission_profile=review"] }).values.mode).toBe("plan")
  const { values, warnings } = load({
    user: USER,
    project: 'permission_profile = "review"\n[permission_profiles.review]\nmode = "full"',
  })
  expect([values.mode, warnings.length]).toEqual(["auto", 2])
})

test("a permission profile that is not there, or holds what it may not, is refused", () => {
  expect(refusal({ user: USER, permissionProfile: "nope" })).toContain(
    'Cannot find permission profile "nope". There are: review, odd.',
  )
  expect(refusal({ permissionProfile: "constructor" })).toContain("None is defined")
  expect(refusal({ user: USER, permissionProfile: "odd" })).toContain(
    "Cannot use permission_profiles.odd.effort: a permission profile has mode,",
  )
})

test("modes and sandboxes are known by the words of other programs", () => {
  const mode = (word: string) => load({ flags: { mode: word } }).values.mode
  expect(
    ["default", "normal", "acceptEdits", "autoedit", "dont-ask", "never", "dontAsk", "bypassPermissions", "yolo"].map(
      mode,
    ),
  ).toEqual(["ask", "ask", "accept-edits", "accept-edits", "auto", "auto", "ask", "full", "full"])
  expect(load({ user: 'sandbox = "danger-full-access"' }).values.sandbox).toBe("full-access")
  expect(load({ user: 'mode = "ask"', project: 'mode = "yolo"' }).values.mode).toBe("ask")
})

test("a rule of a file may name words, a way of touching, a host, an agent and an end", () => {
  const [rule] = load({
    user: `rules = [{tool = "bash", prefix = ["git", ["status", "diff"]], agent = "scout", decision = "allow", expires = "2026-03-01T00:00:00Z"}]`,
  }).values.rules
  expect(rule).toMatchObject({
    prefix: ["git", ["status", "diff"]],
    agent: "scout",
    expiresAt: Date.UTC(2026, 2, 1),
    scope: "user",
  })
  for (const wrong of ["prefix = []", 'access = "run"', 'expires = "soon"', 'host = ""']) {
    expect([wrong, refusal({ user: `rules = [{tool = "bash", ${wrong}, decision = "allow"}]` })]).toEqual([
      wrong,
      expect.stringContaining("Cannot use rules in"),
    ])
  }
})
