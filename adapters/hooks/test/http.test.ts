import { expect, test } from "bun:test"
import { call, scene } from "./scene.ts"

const LS = call("bash", { command: "ls" })

function asking(url: string, more: object = {}): object {
  return { hooks: { PreToolUse: [{ hooks: [{ type: "http", url, ...more }] }] } }
}

test("an address of the person's is posted what a command would read, and its answer counts as one's", async () => {
  const seen: unknown[] = []
  using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      seen.push([
        request.method,
        request.headers.get("content-type"),
        request.headers.get("x-token"),
        await request.json(),
      ])
      return Response.json({
        hookSpecificOutput: { permissionDecision: "deny", permissionDecisionReason: "not today" },
      })
    },
  })
  await using at = scene({ env: { HOOK_TOKEN: "abc", OTHER: "def" } })
  const headers = { "x-token": "Bearer $HOOK_TOKEN ${OTHER}" }
  at.put("~/.claude/settings.json", asking(`${server.url}check`, { headers, allowedEnvVars: ["HOOK_TOKEN"] }))

  expect(await at.run(LS)).toMatchObject({ decision: "deny", reason: "not today" })
  expect(seen).toMatchObject([
    ["POST", "application/json", "Bearer abc", { tool_name: "Bash", tool_input: { command: "ls" } }],
  ])
})

test("a refusal, a redirect, a flood, silence and nobody there are told and count as nothing", async () => {
  let followed = 0
  using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 30,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname === "/500") return new Response('{"decision":"block"}', { status: 500 })
      if (pathname === "/redirect") return Response.redirect("/followed")
      if (pathname === "/followed") followed += 1
      if (pathname === "/flood") return new Response("x".repeat(1_100_000))
      if (pathname === "/silence") await Bun.sleep(20_000)
      return new Response("")
    },
  })
  await using at = scene()
  const one = (url: string, more: object = {}) => ({ type: "http", url, ...more })
  const urls = ["500", "redirect", "flood"].map((path) => one(`${server.url}${path}`))
  const hooks = [...urls, one(`${server.url}silence`, { timeout: 0.2 }), one("http://127.0.0.1:1/")]
  at.put("~/.claude/settings.json", { hooks: { PreToolUse: [{ hooks }] } })

  const { decision, block, ran } = await at.run(LS)

  expect([decision, block, followed]).toEqual([undefined, undefined, 0])
  expect(ran.map(({ outcome, message }) => [outcome, message])).toEqual([
    ["failed", "It answered with status 500."],
    ["failed", "It answered with status 302."],
    ["failed", "It answered with more than 1 MB."],
    ["timed_out", "It took longer than 0.2 s, so it was ended."],
    ["failed", expect.stringContaining("It could not be asked")],
  ])
})
